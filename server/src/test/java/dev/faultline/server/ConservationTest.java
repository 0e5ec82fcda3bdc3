package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every inference request that the socket took ends in exactly one outcome: what callers were told, what is counted and what is kept
/// are the same numbers.
class ConservationTest {
  private static final int ROUNDS = 3;
  private static final Pattern CODE = Pattern.compile("code=([a-z_.]+)");
  private static final Pattern SAMPLE = Pattern.compile("faultline_faults_total\\{.*code=\"([a-z_.]+)\".*} ([0-9.]+)");

  @TempDir Path folder;

  @Test
  void whatCallersWereToldIsWhatIsCountedAndKept() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Map<String, String> settings = Map.of(
        "server.payload_max_bytes", "2048", "limits.queue_capacity", "2", "limits.queue_timeout", "1s", "limits.infer_timeout", "1500ms",
        "capture.sample_per_second", "0");
    try (var running = new RunningServer(folder, settings)) {
      Map<String, Integer> told = new TreeMap<>();
      ask(running, new Random(seed)).forEach(code -> told.merge(code, 1, Integer::sum));
      leaveWhileWaiting(running).forEach(code -> told.merge(code, 1, Integer::sum));
      int served = told.getOrDefault("served", 0);
      told.remove("served");

      // which of the queue's and the clocks' kinds come on top depends on who runs first; twelve and more fixed kinds are sent with the real engine
      assertThat(told.keySet()).as("kinds of failure").contains(
          "decode.json", "decode.data_type_unsupported", "decode.too_large", "decode.encoding_unsupported", "route.model_not_found",
          "route.version_not_found", "route.not_ready", "queue.cancelled", "infer.timeout");
      RunningServer.await("all are counted", () -> counted(running).equals(told));
      assertThat(counted(running)).isEqualTo(told);
      assertThat(total(running, "outcome=\"served\"")).isEqualTo(served);
      assertThat(total(running, "outcome=\"faulted\"")).isEqualTo(told.values().stream().mapToInt(Integer::intValue).sum());
      RunningServer.await("all are kept", () -> kept(running).equals(told));
    }
  }

  private static List<String> ask(RunningServer running, Random random) throws Exception {
    var asks = new ArrayList<Callable<String>>();
    for (int i = 0; i < ROUNDS; i++) {
      asks.add(() -> code(running.infer(1)));
      asks.add(() -> code(running.infer(13)));
      asks.add(() -> code(running.infer(500)));
      asks.add(() -> code(running.infer(60)));
      asks.add(() -> code(running.post("/v2/models/m/infer", "{\"inputs\":")));
      asks.add(() -> code(running.post("/v2/models/m/infer", "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP16\",\"data\":[1]}]}")));
      asks.add(() -> code(running.post("/v2/models/m/infer", "x".repeat(5_000))));
      asks.add(() -> code(running.infer(1, "Content-Encoding", "gzip")));
      asks.add(() -> code(running.post("/v2/models/none/infer", RunningServer.body(1))));
      asks.add(() -> code(running.post("/v2/models/m/versions/9/infer", RunningServer.body(1))));
      asks.add(() -> code(running.post("/v2/models/broken/infer", RunningServer.body(1))));
      asks.add(() -> code(running.infer(60, "X-Request-Timeout-Ms", "60")));
      asks.add(() -> code(running.post("/v1/models/m:predict", "{\"instances\":7}")));
    }
    java.util.Collections.shuffle(asks, random);
    try (var callers = Executors.newFixedThreadPool(8)) {
      var codes = new ArrayList<String>();
      for (Future<String> answer : callers.invokeAll(asks)) {
        codes.add(answer.get());
      }
      return codes;
    }
  }

  /// The holder's own run is stopped at its limit; whoever waits behind it leaves before.
  private static List<String> leaveWhileWaiting(RunningServer running) throws Exception {
    int before = running.engine.waiting.get();
    CompletableFuture<String> holder = CompletableFuture.supplyAsync(() -> slow(running));
    RunningServer.await("the instance is taken", () -> running.engine.waiting.get() > before);
    try (var leaves = new RawCaller(running.server.ports().http())) {
      leaves.write(RawCaller.post("/v2/models/m/versions/1/infer", RunningServer.body(1)));
      RunningServer.await("it waits", () -> metrics(running).contains("faultline_queue_depth{model=\"m\",version=\"1\"} 1"));
    }
    return List.of("queue.cancelled", holder.get());
  }

  private static String slow(RunningServer running) {
    try {
      return code(running.post("/v2/models/m/versions/1/infer", RunningServer.body(60)));
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String code(HttpResponse<String> answer) {
    Matcher code = CODE.matcher(answer.headers().firstValue("faultline-fault").orElse(""));
    return code.find() ? code.group(1) : "served";
  }

  private static Map<String, Integer> counted(RunningServer running) {
    var counted = new TreeMap<String, Integer>();
    metrics(running).lines().map(SAMPLE::matcher).filter(Matcher::matches)
        .forEach(sample -> counted.merge(sample.group(1), (int) Double.parseDouble(sample.group(2)), Integer::sum));
    return counted;
  }

  private static int total(RunningServer running, String part) {
    return (int) metrics(running).lines()
        .filter(line -> line.startsWith("faultline_requests_total{") && line.contains(part))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static Map<String, Integer> kept(RunningServer running) {
    try {
      var kept = new TreeMap<String, Integer>();
      String body = running.getAdmin("/faultline/v1/captures?kind=FAULT&limit=1000").body();
      new ObjectMapper().readTree(body).path("items").forEach(item -> kept.merge(item.path("faults").get(0).path("code").asText(), 1, Integer::sum));
      return kept;
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String metrics(RunningServer running) {
    try {
      return running.get("/metrics").body();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
