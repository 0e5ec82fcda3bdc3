package dev.faultline.fault;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The known name that a wrong one was probably meant to be: "did you mean ...".
///
/// Counts insertions, deletions, substitutions and swaps of neighbours (Damerau-Levenshtein distance in its optimal string alignment
/// form; Boytsov, "Indexing methods for approximate dictionary searching", 2011), ignoring case and taking `-`, `.`, blank and `_` for
/// the same. Names longer than [#LENGTH_MAX] are compared by their first characters, because callers choose them.
public final class NearestName {

  /// Characters of a name that are compared.
  public static final int LENGTH_MAX = 128;

  private NearestName() {}

  /// The nearest known name when it is near enough to be meant: at most one edit in three characters of the longer name.
  public static Optional<String> of(String given, Collection<String> known) {
    return ranked(given, known, 1).stream().filter(name -> isNear(folded(given), folded(name))).findFirst();
  }

  /// The nearest `max` names, nearest first, however far they are; the same distance keeps the order of `known`.
  public static List<String> ranked(String given, Collection<String> known, int max) {
    String folded = folded(given);
    return known.stream()
        .map(name -> new Candidate(name, distance(folded, folded(name))))
        .sorted(Comparator.comparingInt(Candidate::distance))
        .limit(max)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int distance) {}

  private static boolean isNear(String given, String name) {
    return distance(given, name) <= Math.max(given.length(), name.length()) / 3;
  }

  private static String folded(String name) {
    String start = name.length() > LENGTH_MAX ? name.substring(0, LENGTH_MAX) : name;
    return start.toLowerCase(Locale.ROOT).replace('-', '_').replace('.', '_').replace(' ', '_');
  }

  /// Three rows of the usual table: a swap looks back two.
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
