package dev.faultline.server.metrics;

import dev.faultline.fault.Breach;
import dev.faultline.fault.Clock;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Stage;
import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Passage;
import dev.faultline.request.Protocol;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Counts and times every outcome. The series of a model version are looked up once and kept, because a look-up by labels costs more
/// than all the counting.
public final class OutcomeMeter implements OutcomeListener {
  /// Field names a model version may add to the breach counter; the rest counts as `_other`.
  static final int FIELDS_MAX = 200;

  private static final String OTHER = "_other";

  private record Key(String model, String version, Protocol protocol) {}

  private record Series(
      CounterDataPoint served, CounterDataPoint faulted, DistributionDataPoint duration, Map<Stage, DistributionDataPoint> stages) {}

  private final Meters meters;
  private final ConcurrentMap<Key, Series> series = new ConcurrentHashMap<>();
  private final ConcurrentMap<ResolvedVersion, Set<String>> fields = new ConcurrentHashMap<>();

  public OutcomeMeter(Meters meters) {
    this.meters = meters;
  }

  @Override
  public void onOutcome(Outcome outcome) {
    Passage passage = outcome.passage();
    Series line = series(passage);
    for (StageRun run : passage.stages()) {
      at(line, run.stage()).observe(run.durationNanos() / 1e9);
    }
    switch (outcome) {
      case Outcome.Served served -> served(served, line);
      case Outcome.Faulted faulted -> faulted(faulted, line);
    }
    if (!passage.seat().isNone() && passage.seat().firstRow() == 0) {
      // a batch is counted by the request that sits first
      meters.batchRows.labelValues(passage.version().model(), passage.version().version()).observe(passage.seat().rows());
    }
    passage.request().ifPresent(request -> deadline(request.deadline(), passage));
  }

  private void served(Outcome.Served outcome, Series line) {
    line.served().inc();
    String first = outcome.suspicions().isEmpty() ? "" : outcome.suspicions().getFirst().id();
    observe(line, outcome.passage(), first);
    for (Occurrence suspicion : outcome.suspicions()) {
      ResolvedVersion version = outcome.passage().version();
      FaultCode code = suspicion.fault().code();
      meters.suspicions.labelValues(version.model(), version.version(), code.stage().name(), code.label()).incWithExemplar(exemplar(outcome.passage(), suspicion.id()));
    }
  }

  private void faulted(Outcome.Faulted outcome, Series line) {
    line.faulted().inc();
    observe(line, outcome.passage(), outcome.occurrence().id());
    Fault fault = outcome.fault();
    ResolvedVersion version = outcome.passage().version();
    meters.faults
        .labelValues(version.model(), version.version(), fault.stage().name(), fault.code().label(), fault.blame().name())
        .incWithExemplar(exemplar(outcome.passage(), outcome.occurrence().id()));
    Clock.of(fault).ifPresent(clock -> meters.timeouts.labelValues(version.model(), version.version(), clock.label()).inc());
    for (Breach breach : fault.breaches()) {
      meters.breaches.labelValues(version.model(), version.version(), field(version, breach), breach.rule()).inc();
    }
  }

  /// Only what can be looked up again gets an exemplar: a fault, a suspicion, or a request with a trace.
  private static void observe(Series line, Passage passage, String faultId) {
    double seconds = passage.totalNanos() / 1e9;
    if (faultId.isEmpty() && passage.arrival().traceId().isEmpty()) {
      line.duration().observe(seconds);
    } else {
      line.duration().observeWithExemplar(seconds, exemplar(passage, faultId));
    }
  }

  private static Labels exemplar(Passage passage, String faultId) {
    Arrival arrival = passage.arrival();
    if (arrival.traceId().isEmpty()) {
      return Labels.of("fault_id", faultId);
    }
    Labels trace = Labels.of("trace_id", arrival.traceId(), "span_id", arrival.spanId());
    return faultId.isEmpty() ? trace : trace.merge(Labels.of("fault_id", faultId));
  }

  private void deadline(Deadline deadline, Passage passage) {
    if (!deadline.isNever()) {
      ResolvedVersion version = passage.version();
      double left = deadline.remainingNanos(passage.arrival().atNanos() + passage.totalNanos()) / 1e9;
      meters.deadlineRemaining.labelValues(version.model(), version.version()).observe(Math.max(0, left));
    }
  }

  /// The contract's name for the field; what the contract does not know is the caller's text and is not a label.
  private String field(ResolvedVersion version, Breach breach) {
    if (breach.code() == FaultCode.VALIDATE_UNKNOWN_INPUT || breach.code() == FaultCode.VALIDATE_UNKNOWN_OUTPUT) {
      return OTHER;
    }
    Field field = breach.field();
    String name = field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column();
    Set<String> known = fields.computeIfAbsent(version, _ -> ConcurrentHashMap.newKeySet());
    return known.contains(name) || (known.size() < FIELDS_MAX && known.add(name)) ? name : OTHER;
  }

  private Series series(Passage passage) {
    ResolvedVersion version = passage.version();
    var key = new Key(version.model(), version.version(), passage.arrival().protocol());
    Series known = series.get(key);
    return known != null ? known : series.computeIfAbsent(key, this::open);
  }

  private Series open(Key key) {
    String protocol = key.protocol().label();
    var stages = new EnumMap<Stage, DistributionDataPoint>(Stage.class);
    for (Stage stage : Stage.values()) {
      stages.put(stage, meters.stageDuration.labelValues(key.model(), key.version(), stage.name()));
    }
    return new Series(
        meters.requests.labelValues(key.model(), key.version(), protocol, "served"),
        meters.requests.labelValues(key.model(), key.version(), protocol, "faulted"),
        meters.requestDuration.labelValues(key.model(), key.version(), protocol),
        stages);
  }

  @SuppressWarnings("NullAway") // every stage was put in
  private static DistributionDataPoint at(Series line, Stage stage) {
    return line.stages().get(stage);
  }
}
