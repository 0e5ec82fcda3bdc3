package dev.faultline.isolation.reduce;

import java.util.List;

/// A run of positions in a text or along an axis: from `start` up to, not including, `end`.
public record Span(long start, long end) {

  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("span " + start + " to " + end + " (expected: 0 <= start <= end)");
    }
  }

  public static Span of(long length) {
    return new Span(0, length);
  }

  public long length() {
    return end - start;
  }

  public boolean contains(long position) {
    return position >= start && position < end;
  }

  /// The two halves; the span itself when it has fewer than two positions.
  public List<Span> halves() {
    if (length() < 2) {
      return List.of(this);
    }
    long middle = start + length() / 2;
    return List.of(new Span(start, middle), new Span(middle, end));
  }
}
