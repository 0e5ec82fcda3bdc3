package dev.faultline.evaluation;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// When and on what a run was made, and how busy that was: times say nothing without it.
final class Circumstances {
  private final Instant start = Instant.now();
  private final List<Double> loads = new ArrayList<>();

  /// Reads the load average once more.
  void look() {
    loads.add(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  String words() {
    Runtime runtime = Runtime.getRuntime();
    List<Double> sorted = loads.stream().sorted().toList();
    String load = sorted.isEmpty() ? "unknown" : String.format(Locale.ROOT, "%.1f to %.1f, median %.1f", Collections.min(sorted), Collections.max(sorted), sorted.get(sorted.size() / 2));
    return "from " + start.truncatedTo(ChronoUnit.MINUTES) + " to " + Instant.now().truncatedTo(ChronoUnit.MINUTES) + " on Java " + Runtime.version().feature() + " and "
        + runtime.availableProcessors() + " cores, with a load average (this run and all else on the machine) of " + load;
  }
}
