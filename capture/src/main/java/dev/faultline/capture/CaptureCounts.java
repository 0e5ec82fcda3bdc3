package dev.faultline.capture;

/// What became of the requests offered to a [CaptureQueue], since it was made, and what waits in it now.
///
/// Once nothing waits, `stored + dropped + sampledOut` is the number of requests offered. `lastFailure` says why captures were last
/// dropped, empty when none were.
public record CaptureCounts(
    long stored, long dropped, long sampledOut, long storedBytes, int depth, long depthBytes, String lastFailure) {}
