package dev.faultline.serving.backend;

/// A run that a lane is busy with: its thread, who asked for it, and since when by the monotonic clock. A lost lane is among them until its
/// thread comes back.
public record LaneRun(Thread thread, String caller, long sinceNanos) {}
