package dev.faultline.server.metrics;

import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// `faultline_model_ready` and `faultline_model_info`, read from the repository at each scrape.
final class ModelCollector implements MultiCollector {
  private final Supplier<List<ModelListing>> models;

  ModelCollector(Supplier<List<ModelListing>> models) {
    this.models = models;
  }

  static Stream<ModelVersion> ready(List<ModelListing> models) {
    return models.stream()
        .flatMap(listing -> listing.state() instanceof ModelState.Ready(ModelVersion version, long _) ? Stream.of(version) : Stream.of());
  }

  @Override
  public MetricSnapshots collect() {
    List<ModelListing> now = models.get();
    return new MetricSnapshots(readiness(now), info(now));
  }

  private static GaugeSnapshot readiness(List<ModelListing> now) {
    var gauge = GaugeSnapshot.builder().name("faultline_model_ready").help("1 when the version answers, otherwise 0.");
    for (ModelListing each : now) {
      boolean ready = each.state() instanceof ModelState.Ready;
      gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
          .labels(Labels.of("model", each.model(), "version", each.version()))
          .value(ready ? 1 : 0)
          .build());
    }
    return gauge.build();
  }

  private static InfoSnapshot info(List<ModelListing> now) {
    var info = InfoSnapshot.builder().name("faultline_model").help("What each ready version is.");
    ready(now).forEach(version -> info.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels(version)).build()));
    return info.build();
  }

  private static Labels labels(ModelVersion version) {
    ModelFacts facts = version.model().facts();
    return Labels.of(
        "model", version.id().model(),
        "version", version.id().version(),
        "digest", version.id().digest(),
        "format", facts.format(),
        "opset", Integer.toString(facts.opset()),
        "contract", String.join(",", version.contract().sources()),
        "isolation", WorkerHouse.processOf(version.model()).isPresent() ? "process" : "in_process");
  }
}
