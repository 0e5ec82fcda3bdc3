package dev.faultline.server;

import static dev.faultline.server.RunningServer.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InferOverHttpTest {
  private static final String INFER = "/v2/models/m/infer";
  private static final int LIMIT = 4_096;

  private RunningServer running;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of("server.payload_max_bytes", String.valueOf(LIMIT), "server.body_timeout", "300ms"));
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void aServedRequestCarriesItsIdAndTimingsAndNothingUnknown() throws Exception {
    HttpResponse<String> answer = running.infer(4, "X-Request-Id", "abc-1");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("x-request-id")).hasValue("abc-1");
    assertThat(answer.headers().firstValue("server-timing").orElse("")).startsWith("decode;dur=").contains("infer;dur=").contains("encode;dur=");
    assertThat(answer.headers().firstValue("faultline-fault")).isEmpty();
    assertThat(answer.body())
        .isEqualTo("{\"model_name\":\"m\",\"model_version\":\"2\",\"id\":\"q\",\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[8.0]}]}");
  }

  @Test
  void theVersionInThePathAnswers() throws Exception {
    assertThat(running.post("/v2/models/m/versions/1/infer", body(1)).body()).contains("\"model_version\":\"1\"");
  }

  @Test
  void aModelNameMayBeEncodedInThePath() throws Exception {
    assertThat(running.post("/v2/models/with%20space/infer", body(1)).body()).contains("\"model_name\":\"with space\"");
  }

  @Test
  void kserveV1Predicts() throws Exception {
    HttpResponse<String> answer = running.post("/v1/models/m:predict", "{\"instances\":[{\"x\":3}]}");

    assertThat(answer.body()).contains("predictions").contains("6.0");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {"inputs":[                                                                     | 400 | decode.json
      {"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[13]}]}             | 500 | infer.failed
      {"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[500]}]}            | 500 | infer.defect
      """)
  void aFaultIsOneSentenceInExactlyTheFormThatClientsRead(String body, int status, String code) throws Exception {
    HttpResponse<String> answer = running.post(INFER, body);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).matches("id=flt_\\w+, code=" + code + ", stage=\\w+, blame=\\w+.*");
    assertThat(answer.headers().firstValue("link")).hasValue("<https://faultline.dev/faults/" + code + ">; rel=\"help\"");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(answer.body()).matches("\\{\"error\":\"[^\"]* \\[flt_\\w+]\"}").doesNotContain("Exception", "secret", "at dev.");
  }

  @Test
  void whoAsksForAProblemGetsTheWholeFault() throws Exception {
    HttpResponse<String> answer = running.infer(13, "Accept", "application/problem+json");

    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"https://faultline.dev/faults/infer.failed\"", "\"schema\":\"faultline/fault.v1\"", "\"error\":");
  }

  @Test
  void unknownModelsAndVersionsAreNotFound() throws Exception {
    assertThat(running.post("/v2/models/n/infer", body(1)).statusCode()).isEqualTo(404);
    assertThat(running.post("/v2/models/m/versions/9/infer", body(1)).body()).contains("has no version '9'");
    assertThat(running.post("/v2/models/broken/infer", body(1)).statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "Content-Encoding, gzip, Content-Encoding",
    "Content-Encoding, br, Content-Encoding",
    "Inference-Header-Content-Length, ten, Inference-Header-Content-Length",
    "Content-Type, application/octet-stream, Content-Type"
  })
  void whatCannotBeReadIsAFaultThatSaysWhat(String header, String value, String named) throws Exception {
    HttpResponse<String> answer = running.infer(1, header, value);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("code=decode.encoding_unsupported");
    assertThat(answer.body()).contains("header " + named + " is '" + value + "' (expected: ");
  }

  @Test
  void aBodyAnnouncedTooLargeIsRefusedAndItsSenderSeesTheAnswer() throws Exception {
    HttpResponse<String> answer = running.post(INFER, "x".repeat(3_000_000));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).startsWith("{\"error\":\"the payload has 3000000 bytes (expected: at most 4096) [flt_");
  }

  @Test
  void aBodyOfUnknownLengthIsCutAtTheLimit() throws Exception {
    byte[] large = "x".repeat(300_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    var chunked = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large));
    HttpResponse<String> answer = running.send(RunningServer.builder(running.uri(INFER)).POST(chunked).build());

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("more than 4096");
  }

  @ParameterizedTest
  @CsvSource({"-1, 200", "0, 200", "1, 413"})
  void theLimitIsExact(int beyond, int status) throws Exception {
    String padded = body(1) + " ".repeat(LIMIT + beyond - body(1).length());
    var chunked = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(padded.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

    assertThat(running.post(INFER, padded).statusCode()).isEqualTo(status);
    assertThat(running.send(RunningServer.builder(running.uri(INFER)).POST(chunked).build()).statusCode()).isEqualTo(status);
  }

  @Test
  void aBodyThatComesTooSlowlyHasItsConnectionClosed() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      caller.write("POST " + INFER + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
      assertThat(caller.isClosedByServer()).isTrue();
    }
    RunningServer.await("counted as cancelled", () -> metric("decode.cancelled") > 0);
  }

  @Test
  void brokenChunksAreAFaultAndEndTheConnection() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      caller.write("POST " + INFER + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
      assertThat(caller.answer()).startsWith("HTTP/1.1 400").contains("code=decode.json").contains("framing");
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aConnectionLivesOnAfterFaults() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      assertThat(caller.write(RawCaller.post(INFER, "nonsense")).answer()).startsWith("HTTP/1.1 400");
      assertThat(caller.write(RawCaller.post("/nowhere", "body of no use")).answer()).startsWith("HTTP/1.1 404");
      assertThat(caller.write(RawCaller.post("/v2/models", "body of no use")).answer()).startsWith("HTTP/1.1 405");
      assertThat(caller.write(RawCaller.post(INFER, body(2))).answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      caller.write(RawCaller.post(INFER, body(1)) + RawCaller.post(INFER, body(2)) + RawCaller.post(INFER, body(3)));
      assertThat(caller.answer()).contains("[2.0]");
      assertThat(caller.answer()).contains("[4.0]");
      assertThat(caller.answer()).contains("[6.0]");
    }
  }

  @Test
  void connectionCloseIsHonoured() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      assertThat(caller.write(RawCaller.post(INFER, body(1), "Connection: close")).answer()).startsWith("HTTP/1.1 200");
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aCallerThatLeavesWhileItWaitsIsNoticedAndOneThatPipelinesIsNot(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of("limits.queue_timeout", "10s"))) {
      CompletableFuture<HttpResponse<String>> holder = CompletableFuture.supplyAsync(() -> infer(one, 60));
      RunningServer.await("the instance is taken", () -> one.engine.waiting.get() == 1);

      try (var stays = new RawCaller(one.server.ports().http())) {
        stays.write(RawCaller.post(INFER, body(1)));
        try (var leaves = new RawCaller(one.server.ports().http())) {
          leaves.write(RawCaller.post(INFER, body(7)));
          RunningServer.await("both wait", () -> gauge(one, "faultline_queue_depth{model=\"m\",version=\"2\"}") == 2);
        }
        stays.write(RawCaller.post(INFER, body(2)));
        RunningServer.await("the one that left is counted", () -> metric(one, "queue.cancelled") == 1);

        one.engine.release.countDown();
        assertThat(stays.answer()).contains("[2.0]");
        assertThat(stays.answer()).contains("[4.0]");
      }
      assertThat(holder.get().statusCode()).isEqualTo(200);
      assertThat(one.engine.runs).as("runs, without that of the caller who left").hasValue(3);
    }
  }

  @Test
  void theCallersDeadlineEndsTheWait(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of())) {
      CompletableFuture<HttpResponse<String>> holder = CompletableFuture.supplyAsync(() -> infer(one, 60));
      RunningServer.await("the instance is taken", () -> one.engine.waiting.get() == 1);

      HttpResponse<String> answer = one.infer(1, "X-Request-Timeout-Ms", "40", "x-envoy-expected-rq-timeout-ms", "9000");

      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("the caller's deadline of 40 ms passed while the request was in QUEUE");
      one.engine.release.countDown();
      assertThat(holder.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFullQueueSaysWhenToComeBack(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of("limits.queue_capacity", "0"))) {
      CompletableFuture<HttpResponse<String>> holder = CompletableFuture.supplyAsync(() -> infer(one, 60));
      RunningServer.await("the instance is taken", () -> one.engine.waiting.get() == 1);

      HttpResponse<String> answer = one.infer(1);

      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
      one.engine.release.countDown();
      assertThat(holder.get().statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(nullValues = "-", value = {
    "mine, ev, -, mine",
    "not well formed, ev-1, -, ev-1",
    "-, -, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 4bf92f3577b34da6a3ce929d0e0e4736",
    "-, -, 00-00000000000000000000000000000000-00f067aa0ba902b7-01, [0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
  })
  void theRequestIdIsTheBestThatWasGiven(String own, String event, String trace, String expected) throws Exception {
    var headers = new java.util.ArrayList<String>();
    addHeader(headers, "X-Request-Id", own);
    addHeader(headers, "Ce-Id", event);
    addHeader(headers, "traceparent", trace);

    assertThat(running.infer(1, headers.toArray(String[]::new)).headers().firstValue("x-request-id").orElse("")).matches(expected);
  }

  private static void addHeader(java.util.List<String> headers, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null) {
      headers.add(name);
      headers.add(value);
    }
  }

  private double metric(String code) {
    return metric(running, code);
  }

  private static double metric(RunningServer running, String code) {
    return sum(running, "faultline_faults_total{", "code=\"" + code + "\"");
  }

  private static double gauge(RunningServer running, String start) {
    return sum(running, start, "");
  }

  private static double sum(RunningServer running, String start, String part) {
    try {
      return running.get("/metrics").body().lines()
          .filter(line -> line.startsWith(start) && line.contains(part))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> infer(RunningServer running, double x) {
    try {
      return running.infer(x);
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
