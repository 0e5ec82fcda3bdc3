package dev.faultline.server.telemetry;

import dev.faultline.server.triton.TritonCollector;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// The registry that `/metrics` shows, as OpenTelemetry's metrics under the same names, so that there is one count of everything.
final class MetricsFromPrometheus implements MetricProducer {
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create(Conventions.SCOPE);

  private final PrometheusRegistry registry;
  private final InstantSource clock;
  private final long startNanos;

  MetricsFromPrometheus(PrometheusRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    this.startNanos = now();
  }

  @Override
  public Collection<MetricData> produce(Resource resource) {
    long now = now();
    var all = new ArrayList<MetricData>();
    for (MetricSnapshot snapshot : registry.scrape(name -> !name.startsWith(TritonCollector.PREFIX))) {
      if (!snapshot.getDataPoints().isEmpty()) {
        add(snapshot, resource, now, all);
      }
    }
    return all;
  }

  private void add(MetricSnapshot snapshot, Resource resource, long now, List<MetricData> all) {
    MetricMetadata metadata = snapshot.getMetadata();
    switch (snapshot) {
      case CounterSnapshot counter -> {
        var points = doubles(counter.getDataPoints(), CounterSnapshot.CounterDataPointSnapshot::getValue, now);
        all.add(new Metric(resource, metadata, "", MetricDataType.DOUBLE_SUM, SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points)));
      }
      case GaugeSnapshot gauge -> {
        var points = doubles(gauge.getDataPoints(), GaugeSnapshot.GaugeDataPointSnapshot::getValue, now);
        all.add(new Metric(resource, metadata, "", MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points)));
      }
      case InfoSnapshot info -> {
        var points = doubles(info.getDataPoints(), _ -> 1, now);
        all.add(new Metric(resource, metadata, "_info", MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points)));
      }
      case HistogramSnapshot histogram -> {
        List<HistogramPointData> points = histogram.getDataPoints().stream().map(point -> histogram(point, now)).toList();
        all.add(new Metric(resource, metadata, "", MetricDataType.HISTOGRAM, HistogramData.create(AggregationTemporality.CUMULATIVE, points)));
      }
      // none of ours is of another kind; what other servers' dashboards want (--metrics-compat) says nothing that is not here already
      case MetricSnapshot _ -> {}
    }
  }

  private <T extends DataPointSnapshot> List<DoublePointData> doubles(List<T> points, ToDoubleFunction<T> value, long now) {
    return points.stream()
        .map(point -> DoublePointData.create(start(point), now, attributes(point.getLabels()), value.applyAsDouble(point), List.of()))
        .toList();
  }

  private HistogramPointData histogram(HistogramSnapshot.HistogramDataPointSnapshot point, long now) {
    ClassicHistogramBuckets buckets = point.getClassicBuckets();
    var bounds = new ArrayList<Double>(buckets.size());
    var counts = new ArrayList<Long>(buckets.size());
    for (int i = 0; i < buckets.size(); i++) {
      if (Double.isFinite(buckets.getUpperBound(i))) {
        bounds.add(buckets.getUpperBound(i));
      }
      counts.add(buckets.getCount(i));
    }
    return HistogramPointData.create(start(point), now, attributes(point.getLabels()), point.getSum(), false, 0, false, 0, bounds, counts);
  }

  private long start(DataPointSnapshot point) {
    return point.hasCreatedTimestamp() ? TimeUnit.MILLISECONDS.toNanos(point.getCreatedTimestampMillis()) : startNanos;
  }

  private static Attributes attributes(Labels labels) {
    AttributesBuilder attributes = Attributes.builder();
    labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
    return attributes.build();
  }

  private long now() {
    return TimeUnit.MILLISECONDS.toNanos(clock.millis());
  }

  private record Metric(Resource resource, MetricMetadata metadata, String suffix, MetricDataType type, Data<?> data) implements MetricData {
    @Override
    public Resource getResource() {
      return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
      return SCOPE;
    }

    @Override
    public String getName() {
      return metadata.getName() + suffix;
    }

    @Override
    public String getDescription() {
      return metadata.getHelp() == null ? "" : metadata.getHelp();
    }

    /// In the unit's own letters (UCUM), as the conventions want it.
    @Override
    public String getUnit() {
      if (metadata.getName().endsWith("_seconds")) {
        return "s";
      }
      return metadata.getName().endsWith("_bytes") ? "By" : "";
    }

    @Override
    public MetricDataType getType() {
      return type;
    }

    @Override
    public Data<?> getData() {
      return data;
    }
  }
}
