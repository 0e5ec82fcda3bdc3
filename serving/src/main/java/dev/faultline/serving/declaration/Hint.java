package dev.faultline.serving.declaration;

import dev.faultline.fault.NearestName;
import java.util.Collection;
import java.util.Optional;

/// The "did you mean" of a declaration: the nearest name, or the one that an abbreviation such as `min` begins.
public final class Hint {
  /// Beyond this many names the guess costs more than it helps.
  private static final int NAMES_MAX = 5_000;

  private static final int ABBREVIATION_MIN = 3;

  private Hint() {}

  /// ` (did you mean 'speed'?)`, or nothing when no known name is near.
  public static String of(String unknown, Collection<String> known) {
    if (known.size() > NAMES_MAX) {
      return "";
    }
    Optional<String> near = NearestName.of(unknown, known).or(() -> known.stream().filter(name -> abbreviates(unknown, name)).findFirst());
    return near.map(name -> " (did you mean '" + name + "'?)").orElse("");
  }

  private static boolean abbreviates(String unknown, String name) {
    return unknown.length() >= ABBREVIATION_MIN && name.startsWith(unknown);
  }
}
