package dev.faultline.isolation.bisect;

/// One trial of a bisection: which version, with which of the failing inputs.
public record Probe<V, I>(V version, I input) {}
