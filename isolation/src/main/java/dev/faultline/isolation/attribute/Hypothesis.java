package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Condition;

/// A single condition and how well it separates on its own; uncorrected, so good for an order and for nothing else.
public record Hypothesis(Condition condition, double logLikelihoodRatio) {}
