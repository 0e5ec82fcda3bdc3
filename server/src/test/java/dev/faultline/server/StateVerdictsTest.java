package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepException;
import dev.faultline.tensor.Tensor;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verdicts on what no request shows by itself: what a copy served before it, and on which copy it came.
class StateVerdictsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void aRequestThatFailsOnlyBehindAnotherIsLaidToThatOne() throws Exception {
    // 66 spoils the step for the value 1
    try (var running = running((x, served) -> x == 1 && served.contains(66.0))) {
      for (double x : new double[] {1, 2, 3, 66, 4, 5}) {
        assertThat(running.infer(x).statusCode()).isEqualTo(200);
      }
      JsonNode verdict = verdict(running, fault(running, 1));

      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("STATE");
      assertThat(verdict.path("confidence").asText()).isEqualTo("VERIFIED");
      assertThat(verdict.path("step").asText()).isEqualTo("remembers");
      String spoiler = captureOf(running, 66);
      assertThat(verdict.path("summary").asText()).isEqualTo(
          "it passes on a copy that has served nothing yet, and fails behind " + spoiler + ": 0 of 7 runs fail on a fresh copy, and 6 of 6 behind it");
      assertThat(verdict.path("replays").asInt()).isLessThanOrEqualTo(64);
    }
  }

  @Test
  void aFaultThatDoesNotComeBackIsNotLaidToState() throws Exception {
    var failing = new AtomicBoolean(true);
    try (var running = running((_, _) -> failing.get())) {
      String fault = fault(running, 7);
      failing.set(false);
      JsonNode verdict = verdict(running, fault);

      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("UNKNOWN");
      assertThat(verdict.path("confidence").asText()).isEqualTo("ABSTAINED");
    }
  }

  @Test
  void aCopyWhoseFileWasExchangedIsNamedAsStale() throws Exception {
    var failing = new AtomicBoolean(true);
    try (var running = running((_, _) -> failing.get())) {
      String fault = fault(running, 7);
      Files.writeString(folder.resolve("models/m/2/model.onnx"), "another file");
      failing.set(false);
      JsonNode verdict = verdict(running, fault);

      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("REPLICA");
      assertThat(verdict.path("confidence").asText()).isEqualTo("SUSPECTED");
      assertThat(verdict.path("summary").asText()).contains("this server answered from a copy of version 2 with digest sha256:");
      assertThat(verdict.path("mend").get(0).path("command").asText()).isEqualTo("faultline models load m 2");
    }
  }

  @Test
  void aFileThatWasExchangedAndFailsTooSaysNothing() throws Exception {
    try (var running = running((_, _) -> true)) {
      String fault = fault(running, 7);
      Files.writeString(folder.resolve("models/m/2/model.onnx"), "another file");
      JsonNode verdict = verdict(running, fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("ABSTAINED");
      assertThat(verdict.path("summary").asText()).isEqualTo("the file of version 2 is not the one that failed any more");
    }
  }

  /// A server whose versions have a step that fails when `fails` says so of a value and of the values that the same copy has seen before.
  private RunningServer running(BiPredicate<Double, List<Double>> fails) throws Exception {
    var running = new RunningServer(folder, Map.of("isolation.background", "false"), engine -> engine.steps = () -> List.of(new Remembering(fails, new CopyOnWriteArrayList<>())));
    running.server.awaitReady();
    return running;
  }

  private record Remembering(BiPredicate<Double, List<Double>> fails, List<Double> seen) implements Step {
    @Override
    public String name() {
      return "remembers";
    }

    @Override
    public String kind() {
      return "test";
    }

    @Override
    public List<String> reads() {
      return List.of("x");
    }

    @Override
    public List<TensorSpec> specs(List<TensorSpec> before) {
      return before;
    }

    @Override
    public List<Tensor> apply(List<Tensor> before) {
      double x = before.getFirst().doubleAt(0);
      boolean bad = fails.test(x, List.copyOf(seen));
      seen.add(x);
      if (bad) {
        throw new StepException("x", 0, "the table is in disorder");
      }
      return before;
    }
  }

  private static String fault(RunningServer running, double x) throws Exception {
    HttpResponse<String> answer = running.infer(x);
    assertThat(answer.statusCode()).as(answer.body()).isGreaterThanOrEqualTo(400);
    return answer.headers().firstValue("faultline-fault").orElseThrow().replaceFirst("id=(\\w+),.*", "$1");
  }

  private static JsonNode verdict(RunningServer running, String fault) throws Exception {
    var asked = RunningServer.builder(running.admin("/faultline/v1/investigations")).POST(BodyPublishers.ofString("{\"fault\":\"" + fault + "\"}")).build();
    JsonNode now = MAPPER.readTree(running.send(asked).body());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!now.path("state").asText().equals("DONE")) {
      assertThat(System.nanoTime()).as("never ended: %s", now).isLessThan(end);
      assertThat(now.path("state").asText()).as(now.toString()).isIn("QUEUED", "RUNNING");
      Thread.sleep(10);
      now = MAPPER.readTree(running.getAdmin("/faultline/v1/investigations/" + now.path("id").asText()).body());
    }
    return now.path("verdict");
  }

  private static String captureOf(RunningServer running, double x) throws Exception {
    for (JsonNode each : MAPPER.readTree(running.getAdmin("/faultline/v1/captures?detail=whole").body()).path("items")) {
      if (each.toString().contains("[" + x + "]")) {
        return each.path("id").asText();
      }
    }
    throw new AssertionError("no capture of " + x);
  }
}
