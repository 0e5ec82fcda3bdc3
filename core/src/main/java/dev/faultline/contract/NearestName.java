package dev.faultline.contract;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// The "did you mean" of messages about unknown names: a name that differs in case only, begins alike, or is close by edit distance
/// (Levenshtein 1966).
public final class NearestName {
  /// Beyond this many names, or characters in one, the guess costs more than it helps.
  private static final int NAMES_MAX = 20_000;

  private static final int LENGTH_MAX = 200;
  private static final int PREFIX_MIN = 3;

  private NearestName() {}

  /// ` (did you mean 'speed'?)`, or nothing when no known name is near.
  public static String hint(String unknown, Collection<String> known) {
    return find(unknown, known).map(name -> " (did you mean '" + name + "'?)").orElse("");
  }

  public static Optional<String> find(String unknown, Collection<String> known) {
    if (known.size() > NAMES_MAX || unknown.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    int near = Math.max(unknown.length() < 3 ? 1 : 2, unknown.length() / 3);
    return known.stream()
        .filter(name -> name.length() <= LENGTH_MAX)
        .filter(name -> distance(unknown, name) <= near)
        .min(Comparator.<String>comparingInt(name -> distance(unknown, name)).thenComparing(Comparator.naturalOrder()));
  }

  /// 0 when the names differ in case only, 1 when one begins with the other, otherwise the number of edits.
  private static int distance(String unknown, String name) {
    String a = unknown.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    if (a.equals(b)) {
      return 0;
    }
    boolean alike = Math.min(a.length(), b.length()) >= PREFIX_MIN && (a.startsWith(b) || b.startsWith(a));
    return alike ? 1 : edits(a, b);
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
