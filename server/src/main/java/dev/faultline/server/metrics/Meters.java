package dev.faultline.server.metrics;

import dev.faultline.capture.CaptureCounts;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.ShadowTally;
import dev.faultline.server.contain.WorkerRecord;
import dev.faultline.server.contain.WorkerStanding;
import dev.faultline.server.investigate.InvestigationCounts;
import dev.faultline.server.health.ErrorRates;
import dev.faultline.server.profile.AutoProfiles;
import dev.faultline.server.profile.Profiles;
import dev.faultline.serving.batch.BatchCounts;
import dev.faultline.serving.batch.BatchStanding;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelVersion;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Every metric of the product, declared in one place. `docs/METRICS.md` has a row for each, and a test compares the two.
///
/// Never a label: request, fault, trace or group ids, values, text that a caller chose.
public final class Meters {
  /// From well under a millisecond, where small models live, to half a minute.
  private static final double[] SECONDS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30
  };

  private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 1_024};

  private final PrometheusRegistry registry = new PrometheusRegistry();

  final Counter requests = counter(
      "faultline_requests_total", "Inference requests accepted on the socket, by how they ended.", "model", "version", "protocol", "outcome");
  final Histogram requestDuration =
      seconds("faultline_request_duration_seconds", "From arrival to outcome.", "model", "version", "protocol");
  final Histogram stageDuration = seconds("faultline_stage_duration_seconds", "Time in one stage.", "model", "version", "stage");
  final Counter faults = counter(
      "faultline_faults_total", "Faulted requests; sums to requests with outcome faulted.", "model", "version", "stage", "code", "blame");
  final Counter suspicions = counter(
      "faultline_suspicions_total", "Objections that did not change the answer.", "model", "version", "stage", "code");
  final Counter timeouts = counter(
      "faultline_timeouts_total", "Faults by a clock, a view of faults: queue, infer, caller_deadline, caller_left.", "model", "version", "kind");
  final Counter breaches = counter(
      "faultline_contract_breaches_total", "Breaches of the contract, several in one request possible.", "model", "version", "field", "rule");
  final Histogram batchRows = Histogram.builder()
      .name("faultline_batch_rows")
      .help("Rows of each batch that ran.")
      .labelNames("model", "version")
      .classicUpperBounds(ROWS)
      .register(registry);
  final Histogram deadlineRemaining = seconds(
      "faultline_deadline_remaining_seconds", "What was left of the caller's deadline at the outcome.", "model", "version");

  final Counter groupsOpened = counter(
      "faultline_fault_groups_opened_total", "Fault groups seen for the first time.", "model", "code", "blame");

  final Counter groupsRegressed = counter(
      "faultline_fault_groups_regressed_total", "Fault groups that were resolved and are seen again.", "model", "code", "blame");

  final Counter rolloutMoves = counter("faultline_rollout_moves_total", "Rollouts that began or moved, by the state they came to.", "model", "state");

  public PrometheusRegistry registry() {
    return registry;
  }

  /// What is read at each scrape from the models.
  public void watchModels(Supplier<List<ModelListing>> models) {
    registry.register(new ModelCollector(models));
    GaugeWithCallback.builder()
        .name("faultline_queue_depth")
        .help("Requests waiting for a lane or for a batch.")
        .labelNames("model", "version")
        .callback(gauge -> ModelCollector.ready(models.get())
            .forEach(version -> gauge.call(version.waiting(), version.id().model(), version.id().version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_inflight_requests")
        .help("Requests running on a live lane; one that was stopped counts until the engine has returned or its lane is lost.")
        .labelNames("model", "version")
        .callback(gauge -> ModelCollector.ready(models.get())
            .forEach(version -> gauge.call(version.lanes().running(), version.id().model(), version.id().version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_lost_lanes")
        .help("Runs that were stopped and have not come back; their lanes are replaced.")
        .labelNames("model", "version")
        .callback(gauge -> ModelCollector.ready(models.get())
            .forEach(version -> gauge.call(version.lanes().lost(), version.id().model(), version.id().version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_adaptive_limit")
        .help("Requests that may be inside by the adaptive limit, where there is one.")
        .labelNames("model", "version")
        .callback(gauge -> ModelCollector.ready(models.get())
            .forEach(version -> version.lanes().adaptiveLimit().ifPresent(limit -> gauge.call(limit, version.id().model(), version.id().version()))))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_lane_losses_total")
        .help("Lanes lost since the version was loaded.")
        .labelNames("model", "version")
        .callback(counter -> ModelCollector.ready(models.get())
            .forEach(version -> counter.call((double) version.lanes().losses(), version.id().model(), version.id().version())))
        .register(registry);
  }

  /// What is read at each scrape from those versions that join requests into batches.
  public void watchBatches(Supplier<List<ModelListing>> models) {
    batchCounter(models, "faultline_batch_innocents_saved_total", "Requests answered although the batch they ran in failed.", BatchCounts::innocentsSaved);
    batchCounter(models, "faultline_batch_extra_calls_total", "Runs spent on failed batches.", BatchCounts::extraCalls);
    CounterWithCallback.builder()
        .name("faultline_batch_failures_total")
        .help("Failed batches by what they turned out to be: poison, flaky, interaction, memory, budget.")
        .labelNames("model", "version", "finding")
        .callback(counter -> batching(models).forEach(version -> {
          for (BatchCounts.Finding finding : BatchCounts.Finding.values()) {
            double count = version.batcher().counts().failures(finding);
            counter.call(count, version.id().model(), version.id().version(), finding.name().toLowerCase(Locale.ROOT));
          }
        }))
        .register(registry);
  }

  private void batchCounter(Supplier<List<ModelListing>> models, String name, String help, ToLongFunction<BatchCounts> count) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("model", "version")
        .callback(counter -> batching(models)
            .forEach(version -> counter.call((double) count.applyAsLong(version.batcher().counts()), version.id().model(), version.id().version())))
        .register(registry);
  }

  private static Stream<ModelVersion> batching(Supplier<List<ModelListing>> models) {
    return ModelCollector.ready(models.get()).filter(version -> version.batcher().standing().state() != BatchStanding.State.OFF);
  }

  /// What is read at each scrape from the capture queue and the groups.
  public void watchCaptures(Supplier<CaptureCounts> captures, IntSupplier groups) {
    CounterWithCallback.builder()
        .name("faultline_capture_records_total")
        .help("Captures by what became of them.")
        .labelNames("result")
        .callback(counter -> {
          CaptureCounts counts = captures.get();
          counter.call((double) counts.stored(), "stored");
          counter.call((double) counts.sampledOut(), "sampled_out");
          counter.call((double) counts.dropped(), "dropped");
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_capture_bytes_total")
        .help("Bytes of captures stored, before compression.")
        .callback(counter -> counter.call((double) captures.get().storedBytes()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_capture_queue_depth")
        .help("Captures waiting to be stored.")
        .callback(gauge -> gauge.call(captures.get().depth()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_fault_groups")
        .help("Fault groups remembered.")
        .callback(gauge -> gauge.call(groups.getAsInt()))
        .register(registry);
  }

  /// Which ready versions fail so often that they are degraded.
  public void watchHealth(Supplier<List<ModelListing>> models, ErrorRates rates) {
    GaugeWithCallback.builder()
        .name("faultline_model_degraded")
        .help("1 when the version fails too many of its requests, otherwise 0.")
        .labelNames("model", "version")
        .callback(gauge -> ModelCollector.ready(models.get()).forEach(version ->
            gauge.call(rates.of(version.id()).isDegraded() ? 1 : 0, version.id().model(), version.id().version())))
        .register(registry);
  }

  /// What the background had to leave out: log lines, payloads in them, and looks for the node of a fault.
  public void watchOmissions(LongSupplier logLines, LongSupplier logPayloads, LongSupplier localizations) {
    CounterWithCallback.builder()
        .name("faultline_log_dropped_total")
        .help("Request lines not written because the log could not keep up.")
        .callback(counter -> counter.call((double) logLines.getAsLong()))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_log_payloads_left_out_total")
        .help("Payloads that the log was to show and did not: too large, or the log could not keep up.")
        .callback(counter -> counter.call((double) logPayloads.getAsLong()))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_localizations_passed_over_total")
        .help("Faults that got no look for their node because too many waited.")
        .callback(counter -> counter.call((double) localizations.getAsLong()))
        .register(registry);
  }

  /// What is read at each scrape from the processes in which versions run.
  public void watchWorkers(Supplier<List<WorkerRecord>> records, Supplier<List<WorkerStanding>> standings) {
    CounterWithCallback.builder()
        .name("faultline_worker_deaths_total")
        .help("Processes of a version that died while they answered requests, by cause.")
        .labelNames("model", "version", "cause")
        .callback(counter -> records.get().forEach(each ->
            each.deaths().forEach((cause, count) -> counter.call((double) count, each.model(), each.version(), cause.name().toLowerCase(Locale.ROOT)))))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_worker_restarts_total")
        .help("Starts of a version's process after one died.")
        .labelNames("model", "version")
        .callback(counter -> records.get().forEach(each -> counter.call((double) each.restarts(), each.model(), each.version())))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_worker_reruns_total")
        .help("Requests served after all, by another process, because theirs died of another request.")
        .labelNames("model", "version")
        .callback(counter -> records.get().forEach(each -> counter.call((double) each.rerun(), each.model(), each.version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_worker_memory_bytes")
        .help("Private and shared memory that a version's processes hold.")
        .labelNames("model", "version")
        .callback(gauge -> records.get().forEach(each -> gauge.call((double) each.memoryBytes(), each.model(), each.version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_worker_up")
        .help("1 while the process of a version that has one answers, otherwise 0.")
        .labelNames("model", "version")
        .callback(gauge -> standings.get().forEach(each -> gauge.call(each.isUp() ? 1 : 0, each.model(), each.version())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_quarantined_inputs")
        .help("Inputs refused because they killed the process of their version.")
        .labelNames("model", "version")
        .callback(gauge -> standings.get().forEach(each -> gauge.call(each.quarantined(), each.model(), each.version())))
        .register(registry);
  }

  /// What became of investigations, and how many wait.
  public void watchInvestigations(InvestigationCounts counts, IntSupplier waiting) {
    CounterWithCallback.builder()
        .name("faultline_investigations_total")
        .help("Investigations by how they ended: a confidence, failed or cancelled.")
        .labelNames("result")
        .callback(counter -> counts.results().forEach((result, count) -> counter.call((double) count.sum(), result)))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_investigation_replays_total")
        .help("Replays that investigations used.")
        .callback(counter -> counter.call((double) counts.replays()))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_investigation_seconds_total")
        .help("Time that investigations took, waiting for their share of a core included.")
        .callback(counter -> counter.call(counts.seconds()))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_investigations_passed_over_total")
        .help("Groups that were not investigated by themselves because too many waited.")
        .callback(counter -> counter.call((double) counts.passedOver()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_investigations_waiting")
        .help("Investigations waiting for their turn.")
        .callback(gauge -> gauge.call(waiting.getAsInt()))
        .register(registry);
  }

  /// Requests that were run again on request, by what became of them, and how many such replays wait.
  public void watchReplays(Map<String, LongAdder> counts, IntSupplier waiting) {
    CounterWithCallback.builder()
        .name("faultline_replayed_requests_total")
        .help("Kept requests that were run again because somebody asked for a replay, by what became of them.")
        .labelNames("result")
        .callback(counter -> counts.forEach((result, count) -> counter.call((double) count.sum(), result)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_replays_waiting")
        .help("Replays waiting for their turn.")
        .callback(gauge -> gauge.call(waiting.getAsInt()))
        .register(registry);
  }

  /// What comparisons that somebody asked for said, and how many wait.
  public void watchComparisons(Map<String, LongAdder> counts, IntSupplier waiting) {
    CounterWithCallback.builder()
        .name("faultline_comparisons_total")
        .help("Comparisons of kept requests that somebody asked for, by what they said.")
        .labelNames("result")
        .callback(counter -> counts.forEach((result, count) -> counter.call((double) count.sum(), result)))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_comparisons_waiting")
        .help("Comparisons waiting for their turn.")
        .callback(gauge -> gauge.call(waiting.getAsInt()))
        .register(registry);
  }

  /// How many looks at contracts that somebody asked for wait.
  public void watchContracts(IntSupplier waiting) {
    GaugeWithCallback.builder()
        .name("faultline_contract_looks_waiting")
        .help("Looks at contracts waiting for their turn.")
        .callback(gauge -> gauge.call(waiting.getAsInt()))
        .register(registry);
  }

  /// Counts a fault group that was not seen before.
  public void groupOpened(String model, String code, String blame) {
    groupsOpened.labelValues(model, code, blame).inc();
  }

  public void groupRegressed(String model, String code, String blame) {
    groupsRegressed.labelValues(model, code, blame).inc();
  }

  /// What is read at each scrape from the alerts: how many fire by rule and model, and what became of the messages.
  public void watchAlerts(Supplier<Map<List<String>, Integer>> firing, Supplier<Map<String, Long>> messages) {
    GaugeWithCallback.builder()
        .name("faultline_alert_firing")
        .help("Alerts of the server's own that fire.")
        .labelNames("rule", "model")
        .callback(gauge -> firing.get().forEach((labels, count) -> gauge.call(count, labels.toArray(new String[0]))))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_alert_messages_total")
        .help("Alert messages by what became of them.")
        .labelNames("result")
        .callback(counter -> messages.get().forEach((result, count) -> counter.call((double) count, result)))
        .register(registry);
  }

  /// What is read at each scrape of the CloudEvents.
  public void watchEvents(Supplier<Map<String, Long>> messages) {
    CounterWithCallback.builder()
        .name("faultline_event_messages_total")
        .help("CloudEvents by what became of them.")
        .labelNames("result")
        .callback(counter -> messages.get().forEach((result, count) -> counter.call((double) count, result)))
        .register(registry);
  }

  /// Counts a move of a rollout.
  public void rolloutMoved(Rollout rollout) {
    rolloutMoves.labelValues(rollout.plan().model(), rollout.standing().state().name()).inc();
  }

  /// What is read at each scrape from the rollouts.
  public void watchRollouts(Rollouts rollouts, InstantSource clock) {
    GaugeWithCallback.builder()
        .name("faultline_canary_weight_ratio")
        .help("Part of the unpinned requests that a side of a running canary gets.")
        .labelNames("model", "version")
        .callback(gauge -> rollouts.running().forEach(each -> {
          gauge.call(each.standing().weight() / 100, each.plan().model(), each.plan().candidate());
          gauge.call(1 - each.standing().weight() / 100, each.plan().model(), each.plan().baseline());
        }))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_canary_verdict")
        .help("1 for what the judge of a running rollout says now: pass, fail, inconclusive.")
        .labelNames("model", "candidate", "verdict")
        .callback(gauge -> rollouts.running().forEach(each ->
            gauge.call(1, each.plan().model(), each.plan().candidate(), each.judgement(clock.instant()).verdict().name().toLowerCase(Locale.ROOT))))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_shadow_comparisons_total")
        .help("Requests drawn to be mirrored, by what became of them; shed ones were not run.")
        .labelNames("model", "baseline", "candidate", "result")
        .callback(counter -> comparisons(rollouts).forEach((labels, count) -> counter.call((double) count, labels.toArray(new String[0]))))
        .register(registry);
  }

  private static Map<List<String>, Long> comparisons(Rollouts rollouts) {
    var counts = new HashMap<List<String>, Long>();
    for (Rollout each : rollouts.list()) {
      for (ShadowTally.End end : each.plan().hasShadow() ? ShadowTally.End.values() : new ShadowTally.End[0]) {
        counts.merge(List.of(each.plan().model(), each.plan().baseline(), each.plan().candidate(), end.label()), each.tally().count(end), Long::sum);
      }
    }
    return counts;
  }

  /// What became of spans, metrics and log records on their way to a telemetry backend; nothing where there is none.
  public void watchTelemetry(Supplier<Map<List<String>, Long>> items) {
    CounterWithCallback.builder()
        .name("faultline_telemetry_items_total")
        .help("Items for the telemetry backend by what became of them: sent, failed, dropped.")
        .labelNames("signal", "result")
        .callback(counter -> items.get().forEach((labels, count) -> counter.call((double) count, labels.toArray(new String[0]))))
        .register(registry);
  }

  /// What became of profiles, and how much is kept of them.
  public void watchProfiles(ToLongFunction<Profiles.State> ended, LongSupplier keptBytes, Supplier<Map<AutoProfiles.Result, Long>> automatic) {
    CounterWithCallback.builder()
        .name("faultline_profiles_automatic_total")
        .help("Occasions for a profile that nobody asked for, by what became of them: started, over_budget, busy.")
        .labelNames("result")
        .callback(counter -> Arrays.stream(AutoProfiles.Result.values())
            .forEach(result -> counter.call((double) automatic.get().getOrDefault(result, 0L), result.name().toLowerCase(Locale.ROOT))))
        .register(registry);
    CounterWithCallback.builder()
        .name("faultline_profiles_total")
        .help("Profiles by how they ended: done, failed.")
        .labelNames("result")
        .callback(counter -> Stream.of(Profiles.State.DONE, Profiles.State.FAILED)
            .forEach(state -> counter.call((double) ended.applyAsLong(state), state.name().toLowerCase(Locale.ROOT))))
        .register(registry);
    GaugeWithCallback.builder()
        .name("faultline_profile_kept_bytes")
        .help("Size of the profiles kept in the data folder.")
        .callback(gauge -> gauge.call((double) keptBytes.getAsLong()))
        .register(registry);
  }

  /// Says which build this is.
  public void build(String version, String revision, String engine) {
    Info info = Info.builder()
        .name("faultline_build_info")
        .help("The running build.")
        .labelNames("version", "revision", "java", "onnxruntime")
        .register(registry);
    info.setLabelValues(version, revision, Runtime.version().toString(), engine);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private Histogram seconds(String name, String help, String... labels) {
    return Histogram.builder().name(name).help(help).unit(Unit.SECONDS).labelNames(labels).classicUpperBounds(SECONDS).register(registry);
  }
}
