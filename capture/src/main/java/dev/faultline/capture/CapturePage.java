package dev.faultline.capture;

import java.util.List;
import java.util.Optional;

/// Captures, newest first. `nextCursor` is what [CaptureQuery#after] takes to go on, empty on the last page.
public record CapturePage(List<Capture> items, String nextCursor) {

  /// A page of whole captures ends before its payloads exceed this, with one capture at least.
  static final long PAYLOAD_BYTES_MAX = 64L << 20;

  public CapturePage {
    items = List.copyOf(items);
  }

  public Optional<String> next() {
    return nextCursor.isEmpty() ? Optional.empty() : Optional.of(nextCursor);
  }
}
