package dev.faultline.server.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a profile counts.
public enum ProfileEvent {
  /// Processor time: a sample for each 10 ms that a thread computes.
  CPU("samples"),
  /// Bytes allocated on the heap, sampled.
  ALLOC("bytes"),
  /// Bytes allocated while the profile ran and still reachable at its end, sampled: what leaks is among them.
  LIVE("bytes"),
  /// Where requests are, whether they compute or wait: a sample of every request under way and every busy lane each 20 ms.
  WALL("samples"),
  /// Nanoseconds spent waiting for locks.
  LOCK("nanoseconds");

  private final String unit;

  ProfileEvent(String unit) {
    this.unit = unit;
  }

  public String unit() {
    return unit;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(ProfileEvent::label).toList();
  }

  public static Optional<ProfileEvent> of(String label) {
    return Arrays.stream(values()).filter(event -> event.label().equals(label)).findFirst();
  }
}
