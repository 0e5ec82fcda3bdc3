package dev.faultline.protocol;

import dev.faultline.request.Misfit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The misfits of one tensor: all counted, and of each kind the first kept, so that many missing values cannot hide a wrong type.
final class Misfits {
  static final int KEPT_PER_KIND_MAX = 64;

  private final List<Misfit> kept = new ArrayList<>();
  private final Map<Misfit.Kind, Integer> counts = new EnumMap<>(Misfit.Kind.class);
  private int count;

  void add(int flat, Misfit.Kind kind, String got) {
    count++;
    if (counts.merge(kind, 1, Integer::sum) <= KEPT_PER_KIND_MAX) {
      kept.add(new Misfit(flat, kind, got));
    }
  }

  List<Misfit> kept() {
    return kept;
  }

  int count() {
    return count;
  }
}
