package dev.faultline.server.triton;

import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Triton's metrics (`nv_inference_*`, `nv_cpu_*`) of the versions that are ready, so that dashboards, scalers and perf_analyzer made for it
/// go on working.
///
/// Triton's counters have no `_total`, which Prometheus' Java client would append: they are untyped here. Names, labels and units are
/// Triton's (docs/user_guide/metrics.md of triton-inference-server/server); there are no GPU metrics.
public final class TritonCollector implements MultiCollector {
  /// What the names of all these metrics begin with.
  public static final String PREFIX = "nv_";

  private static final List<String> REASONS = List.of("REJECTED", "CANCELED", "BACKEND", "OTHER");

  private record Row(Labels labels, VersionTally tally, int pending) {}

  private final StageClock statistics;
  private final Supplier<List<ModelListing>> models;
  private final Supplier<MachineLoad> machine;

  public TritonCollector(StageClock statistics, Supplier<List<ModelListing>> models, Supplier<MachineLoad> machine) {
    this.statistics = statistics;
    this.models = models;
    this.machine = machine;
  }

  @Override
  public MetricSnapshots collect() {
    List<Row> rows = rows();
    MachineLoad load = machine.get();
    var all = new ArrayList<MetricSnapshot>();
    all.add(sum("request_success", "Inference requests that succeeded.", rows, VersionTally::served));
    all.add(failures(rows));
    all.add(sum("count", "Inferences performed: the rows of the requests that succeeded.", rows, VersionTally::rows));
    all.add(sum("exec_count", "Executions of the model, one a batch.", rows, VersionTally::executions));
    all.add(sum("request_duration_us", "Time of successful requests from arrival to answer, in microseconds.", rows, VersionTally::requestMicros));
    all.add(sum("queue_duration_us", "Time of successful requests in the queue, in microseconds.", rows, VersionTally::queueMicros));
    all.add(sum("compute_input_duration_us", "Time of successful requests before the queue, in microseconds.", rows, VersionTally::inputMicros));
    all.add(sum("compute_infer_duration_us", "Time of successful requests in the model, in microseconds.", rows, VersionTally::inferMicros));
    all.add(sum("compute_output_duration_us", "Time of successful requests after the model, in microseconds.", rows, VersionTally::outputMicros));
    all.add(pending(rows));
    all.add(firstResponses(rows));
    all.add(gauge("nv_cpu_utilization", "Part of all processors that is busy, 0 to 1.", load.processors()));
    all.add(gauge("nv_cpu_memory_total_bytes", "Memory of the machine.", (double) load.memoryBytes()));
    all.add(gauge("nv_cpu_memory_used_bytes", "Memory of the machine that is used.", (double) load.usedBytes()));
    return new MetricSnapshots(all);
  }

  private List<Row> rows() {
    return models.get().stream()
        .flatMap(listing -> listing.state() instanceof ModelState.Ready(ModelVersion version, long _) ? Stream.of(row(version)) : Stream.of())
        .toList();
  }

  private Row row(ModelVersion version) {
    String model = version.id().model();
    String number = version.id().version();
    return new Row(Labels.of("model", model, "version", number), statistics.tally(model, number), version.waiting());
  }

  private static UnknownSnapshot sum(String name, String help, List<Row> rows, ToDoubleFunction<VersionTally> value) {
    var sum = UnknownSnapshot.builder().name(PREFIX + "inference_" + name).help(help);
    rows.forEach(row -> sum.dataPoint(point(row.labels(), value.applyAsDouble(row.tally()))));
    return sum.build();
  }

  private static UnknownSnapshot failures(List<Row> rows) {
    var failures = UnknownSnapshot.builder().name("nv_inference_request_failure").help("Inference requests that failed, by reason: REJECTED, CANCELED, BACKEND, OTHER.");
    for (Row row : rows) {
      for (String reason : REASONS) {
        failures.dataPoint(point(row.labels().merge(Labels.of("reason", reason)), row.tally().failures().getOrDefault(reason, 0L)));
      }
    }
    return failures.build();
  }

  private static UnknownDataPointSnapshot point(Labels labels, double value) {
    return UnknownDataPointSnapshot.builder().labels(labels).value(value).build();
  }

  private static GaugeSnapshot pending(List<Row> rows) {
    var pending = GaugeSnapshot.builder().name("nv_inference_pending_request_count").help("Requests waiting for an instance of the model.");
    rows.forEach(row -> pending.dataPoint(GaugeDataPointSnapshot.builder().labels(row.labels()).value(row.pending()).build()));
    return pending.build();
  }

  private static HistogramSnapshot firstResponses(List<Row> rows) {
    var bounds = new ArrayList<Double>(VersionClock.FIRST_RESPONSE_MILLIS);
    bounds.add(Double.POSITIVE_INFINITY);
    var histogram = HistogramSnapshot.builder().name("nv_inference_first_response_histogram_ms").help("Time from arrival to the first answer, in milliseconds.");
    for (Row row : rows) {
      var counts = new ArrayList<Number>(row.tally().firstResponses());
      histogram.dataPoint(HistogramDataPointSnapshot.builder()
          .labels(row.labels())
          .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
          .sum(row.tally().requestMicros() / 1e3)
          .build());
    }
    return histogram.build();
  }

  private static GaugeSnapshot gauge(String name, String help, double value) {
    return GaugeSnapshot.builder().name(name).help(help).dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
  }
}
