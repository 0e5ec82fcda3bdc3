package dev.faultline.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.backend.process.DeathCause;
import dev.faultline.capture.CaptureCounts;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.Rollouts;
import dev.faultline.server.health.ErrorRates;
import dev.faultline.server.investigate.InvestigationCounts;
import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.Stage;
import dev.faultline.fault.ValidateFault;
import dev.faultline.request.Arrival;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import dev.faultline.server.contain.WorkerRecord;
import dev.faultline.server.contain.WorkerStanding;
import dev.faultline.serving.backend.Adaptive;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.Layout;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetersTest {
  private static final Pattern ROW = Pattern.compile("^\\| `(faultline_[a-z_]+)` ", Pattern.MULTILINE);
  private static final Pattern TYPE = Pattern.compile("^# TYPE (faultline_[a-z_]+) ", Pattern.MULTILINE);

  private final Meters meters = new Meters();
  private final OutcomeMeter meter = new OutcomeMeter(meters);

  @BeforeEach
  void watch() {
    meters.watchModels(() -> List.of(new ModelListing("m", "1", Layout.FILE, Path.of("m.onnx"), new ModelState.Ready(ready(), 1))));
    meters.watchBatches(() -> List.of(new ModelListing("m", "1", Layout.FILE, Path.of("m.onnx"), new ModelState.Ready(ready(), 1))));
    meters.watchCaptures(() -> new CaptureCounts(1, 2, 3, 4, 5, 6, ""), () -> 7);
    meters.watchHealth(() -> List.of(new ModelListing("m", "1", Layout.FILE, Path.of("m.onnx"), new ModelState.Ready(ready(), 1))), new ErrorRates(new ErrorRates.Rules(.5, 20), () -> 0));
    meters.watchOmissions(() -> 8, () -> 8, () -> 9);
    var worker = new WorkerRecord("m", "1", 2, 1, Map.of(DeathCause.CRASH, 1L), 3, 4, "SIGFPE", Instant.EPOCH);
    meters.watchWorkers(() -> List.of(worker), () -> List.of(new WorkerStanding("m", "1", true, 1)));
    meters.watchInvestigations(InvestigationCounts.of("verified", 3, 1_000_000_000), () -> 2);
    meters.watchReplays(Map.of("fixed", new LongAdder()), () -> 1);
    meters.watchComparisons(Map.of("separated", new LongAdder()), () -> 1);
    meters.watchContracts(() -> 1);
    meters.watchTelemetry(() -> Map.of(List.of("traces", "sent"), 1L));
    meters.watchAlerts(() -> Map.of(List.of("FaultlineNewFault", "m"), 1), () -> Map.of("sent", 1L, "failed", 2L, "dropped", 3L));
    meters.watchEvents(() -> Map.of("sent", 1L));
    var plan = new RolloutPlan("m", "2", "1", .1, List.of(5.0), "", 500, Duration.ofMinutes(10), Duration.ofHours(2), 100);
    var rollout = new Rollout("rol_1", plan, "test", Instant.EPOCH);
    var rollouts = new Rollouts();
    rollouts.add(rollout);
    meters.watchRollouts(rollouts, InstantSource.fixed(Instant.EPOCH));
    meters.rolloutMoved(rollout);
    meters.watchProfiles(_ -> 1, () -> 2, () -> Map.of());
    meters.groupOpened("m", "infer.failed", "MODEL");
    meters.groupRegressed("m", "infer.failed", "MODEL");
    meters.build("1", "abc", "onnxruntime/1");
  }

  @Test
  void everyMetricHasARowInThePageAndTheReverse() throws IOException {
    meter.onOutcome(served());
    meter.onOutcome(faulted(range("age"), "0af7651916cd43dd8448eb211c80319c"));
    meter.onOutcome(faulted(new InferFault.Timeout(11, 10), ""));
    meter.onOutcome(new Outcome.Served(Payload.EMPTY, List.of(new Occurrence("flt_1", range("age"), Instant.EPOCH)), passage("")));
    Set<String> exposed = TYPE.matcher(plain()).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    String page = Files.readString(Path.of("..", "docs", "METRICS.md"));
    Set<String> documented = ROW.matcher(page).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    assertThat(exposed).isEqualTo(documented);
  }

  @Test
  void requestsAreServedPlusFaultsByCode() throws IOException {
    IntStream.range(0, 5).forEach(_ -> meter.onOutcome(served()));
    IntStream.range(0, 3).forEach(_ -> meter.onOutcome(faulted(range("age"), "")));
    IntStream.range(0, 2).forEach(_ -> meter.onOutcome(faulted(new InferFault.Timeout(11, 10), "")));
    assertThat(plain())
        .contains("faultline_requests_total{model=\"m\",outcome=\"served\",protocol=\"v2-rest\",version=\"1\"} 5.0")
        .contains("faultline_requests_total{model=\"m\",outcome=\"faulted\",protocol=\"v2-rest\",version=\"1\"} 5.0")
        .contains("faultline_faults_total{blame=\"CALLER\",code=\"validate.range\",model=\"m\",stage=\"VALIDATE\",version=\"1\"} 3.0")
        .contains("faultline_faults_total{blame=\"MODEL\",code=\"infer.timeout\",model=\"m\",stage=\"INFER\",version=\"1\"} 2.0")
        .contains("faultline_timeouts_total{kind=\"infer\",model=\"m\",version=\"1\"} 2.0")
        .contains("faultline_contract_breaches_total{field=\"age\",model=\"m\",rule=\"range\",version=\"1\"} 3.0");
  }

  @Test
  void exemplarLeadsFromTheDurationToTheFaultAndTheTrace() throws IOException {
    meter.onOutcome(faulted(range("age"), "0af7651916cd43dd8448eb211c80319c"));
    assertThat(openMetrics())
        .containsPattern("faultline_faults_total\\{.*} 1.0 # \\{fault_id=\"flt_1\",span_id=\"b7ad6b7169203331\",trace_id=\"0af7651916cd43dd8448eb211c80319c\"}")
        .containsPattern("faultline_request_duration_seconds_bucket\\{.*# \\{fault_id=\"flt_1\"");
  }

  @Test
  void fieldsBeyondTheBoundAndTextOfTheCallerCountAsOther() throws IOException {
    IntStream.range(0, OutcomeMeter.FIELDS_MAX + 5).forEach(i -> meter.onOutcome(faulted(range("c" + i), "")));
    var unknown = new Breach(FaultCode.VALIDATE_UNKNOWN_INPUT, Field.input("'; zap", ""), "present", "x");
    meter.onOutcome(faulted(new ValidateFault(List.of(unknown), 1, "graph"), ""));
    assertThat(plain())
        .contains("faultline_contract_breaches_total{field=\"_other\",model=\"m\",rule=\"range\",version=\"1\"} 5.0")
        .contains("faultline_contract_breaches_total{field=\"_other\",model=\"m\",rule=\"unknown_input\",version=\"1\"} 1.0")
        .doesNotContain("zap");
  }

  private String plain() throws IOException {
    var out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, meters.registry().scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  private String openMetrics() throws IOException {
    var out = new ByteArrayOutputStream();
    OpenMetricsTextFormatWriter.create().write(out, meters.registry().scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ModelVersion ready() {
    var contract = new Contract(List.of(), List.of(), List.of(), List.of(), List.of("graph"));
    var settings = new VersionSettings(contract, List.of(), List.of(), Limits.standard(1).with(Adaptive.GRADIENT2).with(new Batching(8, 0, List.of())), List.of(), List.of());
    var version = new ModelVersion(
        new Artifact("m", "1", Path.of("m.onnx"), "sha256:0"), settings, new Idle(), ContractValidator::new, ContractChecker::new, System::nanoTime);
    version.open();
    return version;
  }

  /// A model that nobody runs.
  private static final class Idle implements LoadedModel {
    @Override
    public List<TensorSpec> inputs() {
      return List.of();
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of();
    }

    @Override
    public ModelFacts facts() {
      return new ModelFacts("onnx_onnxv1", "onnx", 17, 1, "test", Map.of());
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      return new RunResult(List.of(), List.of());
    }

    @Override
    public void close() {}
  }

  private static Fault range(String column) {
    var field = Field.inputElement("features", Shape.of(1, 1), 0, List.of(column), "");
    var named = new Field(field.path(), column, field.index(), "", "");
    return new ValidateFault(List.of(new Breach(FaultCode.VALIDATE_RANGE, named, "-4", "[0,120]")), 1, "contract.yaml");
  }

  private static Outcome served() {
    return new Outcome.Served(Payload.EMPTY, List.of(), passage(""));
  }

  private static Outcome faulted(Fault fault, String traceId) {
    return new Outcome.Faulted(new Occurrence("flt_1", fault, Instant.EPOCH), passage(traceId));
  }

  private static Passage passage(String traceId) {
    var arrival = new Arrival(
        new RequestId("r"), Protocol.V2_REST, "POST", "/", Map.of(), Map.of(), traceId, traceId.isEmpty() ? "" : "b7ad6b7169203331", "test",
        new ModelRef("m", ""), Payload.EMPTY, 0, Instant.EPOCH, Deadline.after(0, 1_000_000_000), Cancellation.NEVER);
    var request = new dev.faultline.request.InferenceRequest("", new ModelRef("m", ""), Map.of(), List.of(), List.of(), arrival.deadline());
    var stage = new StageRun(Stage.DECODE, 0, 1_000, StageRun.Ending.COMPLETED);
    return new Passage(arrival, new ResolvedVersion("m", "1", "sha256:0"), List.of(request), List.of(stage), List.of(), List.of(), List.of(), new BatchSeat(2, 2, 0, 1), 2_000);
  }
}
