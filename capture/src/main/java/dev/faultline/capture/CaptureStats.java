package dev.faultline.capture;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How full a store is and what it had to leave out.
///
/// `bounds` is empty for an empty store. `findings` are sentences about what was found damaged and skipped.
public record CaptureStats(
    long count, long bytes, List<Span> bounds, int segments, long bytesMax, Duration ageMax, List<String> findings) {

  /// The time of the oldest and of the newest capture.
  public record Span(Instant oldest, Instant newest) {}

  public CaptureStats {
    bounds = List.copyOf(bounds);
    findings = List.copyOf(findings);
  }

  public Optional<Span> span() {
    return bounds.stream().findFirst();
  }
}
