package dev.faultline.rollout.judge;

/// Bounds of a figure that hold at all times together.
record Interval(double low, double high) {}
