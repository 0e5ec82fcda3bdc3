package dev.faultline.isolation.localize;

/// What a finding took: runs of the model or of a part of it, and milliseconds of wall clock.
public record Cost(int runs, double millis) {}
