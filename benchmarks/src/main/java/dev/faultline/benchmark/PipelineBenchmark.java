package dev.faultline.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.protocol.Labels;
import dev.faultline.server.edge.V2Codec;
import dev.faultline.server.metrics.Meters;
import dev.faultline.server.metrics.OutcomeMeter;
import dev.faultline.serving.OccurrenceIds;
import dev.faultline.serving.Pipeline;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.RepositoryScanner;
import dev.faultline.serving.model.SettingsReader;
import dev.faultline.serving.route.RepositoryRouter;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.serving.step.StepReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One request of the demo model through the nine stages, without a socket: time and allocation (`-prof gc`).
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PipelineBenchmark {
  /// Rows in one request.
  @Param({"1", "32"})
  public int rows;

  /// Whether outcomes are counted and timed.
  @Param({"false", "true"})
  public boolean metered;

  private ModelRepository models;
  private V2Codec codec;
  private Pipeline pipeline;
  private byte[] body;

  @Setup
  public void open() throws IOException {
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    var loader = new ModelLoader(
        new OnnxBackend(), new SettingsReader(StepReader.withInstalledProviders()), ContractValidator::new, ContractChecker::new,
        Limits.standard(Runtime.getRuntime().availableProcessors()), System::nanoTime);
    models = new ModelRepository(loader, _ -> {}, System::nanoTime);
    codec = new V2Codec(models, Labels.NONE);
    for (Found found : new RepositoryScanner().scan(Path.of("examples", "models"))) {
      if (found instanceof Found.Candidate candidate) {
        models.add(candidate);
      }
    }
    OutcomeListener listener = metered ? new OutcomeMeter(new Meters()) : _ -> {};
    pipeline = new Pipeline(
        new RepositoryRouter(models, () -> false), listener, new OccurrenceIds(InstantSource.system(), random), System::nanoTime, InstantSource.system());
    var data = BirdstrikeRows.read(Path.of("examples", "data", "birdstrikes.csv"));
    body = new ObjectMapper().writeValueAsBytes(BirdstrikeRows.v2Body(data.subList(0, rows)));
    if (!(request() instanceof Outcome.Served)) {
      throw new IllegalStateException("the demo request is not served: " + request());
    }
  }

  @TearDown
  public void close() {
    models.close();
  }

  @Benchmark
  public Outcome request() {
    var arrival = new Arrival(
        new RequestId("benchmark"), Protocol.DIRECT, "POST", "/v2/models/birdstrike-damage/infer", Map.of(), Map.of(), "", "", "benchmark",
        new ModelRef("birdstrike-damage", ""), Payload.of(body, "application/json"), System.nanoTime(), Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
    return pipeline.run(arrival, codec);
  }
}
