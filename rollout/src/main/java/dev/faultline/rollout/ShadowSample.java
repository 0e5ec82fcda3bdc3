package dev.faultline.rollout;

import dev.faultline.request.InferenceRequest;

/// A mirrored request that is kept to find out what those that differ have in common. `differs` says whether the candidate's answer was beyond
/// tolerance or absent, `material` whether it said something else: another label or winner, another type or shape, no number, nothing.
public record ShadowSample(String id, InferenceRequest request, String client, boolean differs, boolean material) {}
