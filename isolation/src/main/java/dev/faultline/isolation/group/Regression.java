package dev.faultline.isolation.group;

import java.util.ArrayList;
import java.util.List;

/// A fault that was gone and came back: resolved in one version, seen again in a later one. A version that is not known is empty.
public record Regression(String resolvedIn, String seenAgainIn) {
  /// A fault counts as gone when not seeing it by chance, at the rate at which it showed before, is less likely than this.
  public static final double CHANCE = 0.01;

  /// From the counts of all versions, oldest first. A version with too few requests to tell is neither resolved nor not.
  public static List<Regression> of(List<VersionCount> versions) {
    var regressions = new ArrayList<Regression>();
    double rate = 0;
    double quiet = 1;
    String resolvedIn = "";
    for (VersionCount version : versions) {
      if (version.failures() == 0) {
        quiet *= Math.pow(1 - rate, (double) version.requests());
        resolvedIn = resolvedIn.isEmpty() && rate > 0 && version.requests() > 0 ? version.version() : resolvedIn;
        continue;
      }
      if (!resolvedIn.isEmpty() && quiet <= CHANCE) {
        regressions.add(new Regression(resolvedIn, version.version()));
      }
      rate = (double) version.failures() / version.requests();
      quiet = 1;
      resolvedIn = "";
    }
    return regressions;
  }

  /// As people say it: `resolved in 3, seen again in 5`.
  @Override
  public String toString() {
    return "resolved" + in(resolvedIn) + ", seen again" + in(seenAgainIn);
  }

  private static String in(String version) {
    return version.isEmpty() ? "" : " in " + version;
  }
}
