package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Release;
import dev.faultline.evaluation.truth.Cause;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One run of the benchmark: a model with its versions, what was planted, and the weather of the traffic. Nothing planted: a healthy
/// window, in which only the `innocuous` causes may be named.
///
/// @param settings configuration keys of the server
public record Case(
    String id, Family family, List<Release> releases, List<Planted> planted, Weather weather, Manner manner, Map<String, String> settings, Set<Cause> innocuous) {

  /// How many requests are under way at once.
  public enum Manner {
    ONE_BY_ONE(1),
    ORDINARY(3),
    CROWDED(16);

    private final int threads;

    Manner(int threads) {
      this.threads = threads;
    }

    public int threads() {
      return threads;
    }
  }

  public Case {
    releases = List.copyOf(releases);
    planted = List.copyOf(planted);
    settings = Map.copyOf(settings);
    innocuous = Set.copyOf(innocuous);
  }

  public static Case of(Family family, List<Release> releases, Planted planted) {
    return new Case(planted.id(), family, releases, List.of(planted), Weather.CALM, Manner.ORDINARY, Map.of(), Set.of());
  }

  /// Several faults at once.
  public static Case composite(String id, Family family, List<Release> releases, List<Planted> planted) {
    return new Case(id, family, releases, planted, Weather.CALM, Manner.ORDINARY, Map.of(), Set.of());
  }

  public static Case healthy(String id, Family family, List<Release> releases, Weather weather) {
    return new Case(id, family, releases, List.of(), weather, Manner.ORDINARY, Map.of(), Set.of(Cause.FLAKY, Cause.UNKNOWN));
  }

  public Case in(Manner other) {
    return new Case(id, family, releases, planted, weather, other, settings, innocuous);
  }

  public Case with(Map<String, String> other) {
    return new Case(id, family, releases, planted, weather, manner, other, innocuous);
  }

  public Case allowing(Cause... causes) {
    return new Case(id, family, releases, planted, weather, manner, settings, Set.of(causes));
  }

  public boolean isHealthy() {
    return planted.isEmpty();
  }
}
