package dev.faultline.serving.stage;

import dev.faultline.fault.Breach;
import dev.faultline.fault.ValidateFault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The breaches of one request as they are found: the first [#KEPT_MAX] are kept, all are counted.
final class Breaches {
  static final int KEPT_MAX = 64;

  private final List<Breach> kept = new ArrayList<>(0);
  private int total;
  private String source = "";

  /// `source` says whose rule it is; the breach is made only when there is room for it.
  void add(String source, Supplier<Breach> breach) {
    if (total == 0) {
      this.source = source;
    }
    if (kept.size() < KEPT_MAX) {
      kept.add(breach.get());
    }
    total++;
  }

  /// More of what is kept already, known by number only.
  void count(int more) {
    total += more;
  }

  boolean isEmpty() {
    return total == 0;
  }

  ValidateFault fault() {
    return new ValidateFault(kept, total, source);
  }
}
