package dev.faultline.cli;

import java.util.ArrayList;
import java.util.List;

/// Lists with one more element.
final class Lists {
  private Lists() {}

  static <T> List<T> and(List<T> list, T more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return List.copyOf(all);
  }
}
