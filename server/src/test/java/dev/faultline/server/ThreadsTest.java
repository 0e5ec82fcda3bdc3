package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The thread dump of a running server, over its admin API.
class ThreadsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aLaneAndItsRequestAreNamedWithIdVersionAndStage() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      CompletableFuture<HttpResponse<String>> answer = ask(running, 60, "req-60");
      RunningServer.await("the lane is busy", () -> running.engine.waiting.get() == 1);

      JsonNode dump = dump(running, "?busy=true");

      assertThat(dump.path("busy").asInt()).as(dump.toPrettyString()).isEqualTo(2);
      JsonNode lane = of(dump, "LANE");
      assertThat(lane.path("name").asText()).startsWith("lane-m/2-");
      assertThat(lane.path("request_id").asText()).isEqualTo("req-60");
      assertThat(lane.path("virtual").asBoolean()).isFalse();
      assertThat(lane.path("frames").toString()).contains("FakeEngine");
      JsonNode request = of(dump, "REQUEST");
      assertThat(request.path("request_id").asText()).isEqualTo("req-60");
      assertThat(request.path("model").asText() + "/" + request.path("version").asText() + " " + request.path("stage").asText()).isEqualTo("m/2 INFER");
      assertThat(request.path("virtual").asBoolean()).isTrue();
      assertThat(request.path("running_ms").asDouble()).isPositive();

      HttpResponse<String> text = running.getAdmin("/faultline/v1/threads?format=text");
      assertThat(text.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
      assertThat(text.body()).startsWith("threads of process ").contains("2 at work for requests", "lane of request req-60: m/2 INFER for ", "thread of request req-60: m/2 INFER for ", "    at ");
      running.engine.release.countDown();
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aStepThatHangsStandsInTheFramesOfItsRequestBelowItsLandmark() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (var running = new RunningServer(folder, Map.of(), engine -> engine.preprocess = List.of(new TestStep("hang", () -> hang(entered, go))))) {
      running.server.awaitReady();
      CompletableFuture<HttpResponse<String>> answer = ask(running, 1, "req-1");
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      JsonNode request = of(dump(running, ""), "REQUEST");
      assertThat(request.path("stage").asText()).isEqualTo("PREPROCESS");
      assertThat(request.path("frames").toString()).contains("ThreadsTest.hang", "faultline.at.m.2.PREPROCESS:hang");
      go.countDown();
      assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anIdleServerShowsItsOwnThreadsAndLeavesNothingBehind() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      JsonNode dump = dump(running, "");
      assertThat(dump.path("busy").asInt()).isZero();
      assertThat(dump.path("threads")).extracting(each -> each.path("name").asText()).contains("faultline-replay");
      assertThat(dump.path("deadlocked")).isEmpty();
      assertThat(running.getAdmin("/faultline/v1/threads?format=html").statusCode()).isEqualTo(400);
      assertThat(running.getAdmin("/faultline/v1/threads?busi=true").body()).contains("did you mean 'busy'?");
      try (Stream<Path> left = Files.list(folder.resolve("data/scratch"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  private static CompletableFuture<HttpResponse<String>> ask(RunningServer running, double x, String id) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return running.infer(x, "X-Request-Id", id);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static void hang(CountDownLatch entered, CountDownLatch go) {
    entered.countDown();
    try {
      assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonNode dump(RunningServer running, String query) throws Exception {
    HttpResponse<String> answer = running.getAdmin("/faultline/v1/threads" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private static JsonNode of(JsonNode dump, String role) {
    for (JsonNode thread : dump.path("threads")) {
      if (thread.path("role").asText().equals(role)) {
        return thread;
      }
    }
    throw new AssertionError("no " + role + " in " + dump.toPrettyString());
  }
}
