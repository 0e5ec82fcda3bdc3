package dev.faultline.isolation.localize;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.LinkedHashSet;
import java.util.function.Predicate;

/// Finds a smallest part of a list that has a property which the whole list has.
@FunctionalInterface
interface SubsetSearch {

  /// @param ordered likeliest first
  /// @param holds true for the whole list; monotone where the answer is to be a smallest one
  /// @return a part for which `holds` was true, and of which no single member can be left out; the whole list when the search was cut short
  <T> List<T> smallest(List<T> ordered, Predicate<List<T>> holds);

  /// Bisection of prefixes: the member that completes a prefix is needed, so it is kept and the search goes on before it; at the end
  /// each member is left out once. About k log2 n questions for k of n.
  static <T> List<T> prefixes(List<T> ordered, Predicate<List<T>> holds) {
    List<T> needed = new ArrayList<>();
    List<T> rest = ordered;
    while (!rest.isEmpty() && !(holdsWith(needed, List.of(), holds))) {
      int low = 0;
      int high = rest.size();
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (holdsWith(needed, rest.subList(0, middle), holds)) {
          high = middle;
        } else {
          low = middle;
        }
      }
      needed.add(rest.get(high - 1));
      rest = rest.subList(0, high - 1);
    }
    return swept(needed, holds);
  }

  private static <T> boolean holdsWith(List<T> needed, List<T> prefix, Predicate<List<T>> holds) {
    Set<T> all = new LinkedHashSet<>(needed);
    all.addAll(prefix);
    return !all.isEmpty() && holds.test(List.copyOf(all));
  }

  private static <T> List<T> swept(List<T> needed, Predicate<List<T>> holds) {
    List<T> kept = new ArrayList<>(needed);
    for (T member : needed) {
      List<T> others = new ArrayList<>(kept);
      others.remove(member);
      if (!others.isEmpty() && holds.test(List.copyOf(others))) {
        kept = others;
      }
    }
    return List.copyOf(kept);
  }
}
