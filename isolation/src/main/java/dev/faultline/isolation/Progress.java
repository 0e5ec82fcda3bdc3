package dev.faultline.isolation;

/// What an investigation is doing now, and how many replays it has used.
public record Progress(String doing, int replays) {}
