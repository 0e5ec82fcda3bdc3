package dev.faultline.isolation;

import dev.faultline.request.InferenceRequest;

/// The smallest request that was found to show the fault: a passing one with `fieldsKept` of the failing one's `fieldsTotal` elements.
public record Reproduction(InferenceRequest request, int fieldsKept, int fieldsTotal) {}
