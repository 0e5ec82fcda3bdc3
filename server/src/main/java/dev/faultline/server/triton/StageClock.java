package dev.faultline.server.triton;

import dev.faultline.protocol.inference.ModelStatisticsResponse;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.model.ModelListing;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Statistics of every model version, from the stage clock of every outcome. A request that reached no version counts for none.
public final class StageClock implements OutcomeListener {
  /// Versions kept; those that come later are not counted.
  static final int VERSIONS_MAX = 10_000;

  private record Key(String model, String version) {}

  private final Map<Key, VersionClock> clocks = new ConcurrentHashMap<>();
  private final ModelLookup models;

  public StageClock(ModelLookup models) {
    this.models = models;
  }

  @Override
  public void onOutcome(Outcome outcome) {
    ResolvedVersion version = outcome.passage().version();
    var key = new Key(version.model(), version.version());
    if (version.isNone() || (clocks.size() >= VERSIONS_MAX && !clocks.containsKey(key))) {
      return;
    }
    clocks.computeIfAbsent(key, _ -> new VersionClock()).add(outcome);
  }

  /// What a version has done; all zero when nothing.
  VersionTally tally(String model, String version) {
    return clocks.getOrDefault(new Key(model, version), new VersionClock()).tally();
  }

  /// One entry for each version that is known, of every model when the name is empty.
  public ModelStatisticsResponse statistics(String model, String version) throws Refusal {
    var response = ModelStatisticsResponse.newBuilder();
    for (ModelListing listing : models.all(model, version)) {
      VersionClock clock = clocks.getOrDefault(new Key(listing.model(), listing.version()), new VersionClock());
      response.addModelStats(clock.message(listing.model(), listing.version()));
    }
    return response.build();
  }
}
