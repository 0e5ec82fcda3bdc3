package dev.faultline.graph;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The "did you mean" of messages about unknown names, by edit distance (Levenshtein 1966).
final class NearestName {

  /// Beyond this many names the guess costs more than it helps.
  private static final int NAMES_MAX = 20_000;

  private NearestName() {}

  /// One sentence about all unknown names of a kind.
  static String complaint(String kind, List<String> unknown, Collection<String> known) {
    return unknown.stream()
        .map(name -> "the graph has no " + kind + " '" + name + "'" + guess(name, known))
        .collect(Collectors.joining("; "));
  }

  private static String guess(String name, Collection<String> known) {
    if (known.size() > NAMES_MAX) {
      return "";
    }
    int near = Math.max(2, name.length() / 3);
    return known.stream()
        .filter(other -> Math.abs(other.length() - name.length()) <= near)
        .filter(other -> distance(name, other) <= near)
        .min(Comparator.<String>comparingInt(other -> distance(name, other)).thenComparing(Comparator.naturalOrder()))
        .map(other -> " (did you mean '" + other + "'?)")
        .orElse("");
  }

  private static int distance(String a, String b) {
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
