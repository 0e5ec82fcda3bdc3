package dev.faultline.server;

import static dev.faultline.server.RunningServer.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP/1.1 and HTTP/2 on one port, with callers who take their time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpVersionsTest {
  private static final String INFER = "/v2/models/m/infer";
  private static final int LIMIT = 4_096;

  private RunningServer running;
  private final HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of(
        "server.payload_max_bytes", String.valueOf(LIMIT), "server.head_timeout", "300ms", "server.body_timeout", "300ms", "limits.queue_capacity", "1000"));
  }

  @AfterAll
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void afterAnUpgradeAnswersAndFaultsAreTheSame() throws Exception {
    assertThat(upgraded().statusCode()).isEqualTo(200);

    HttpResponse<String> answer = post(body(4), "X-Request-Id", "abc-2");
    assertThat(answer.version()).isEqualTo(Version.HTTP_2);
    assertThat(answer.body()).isEqualTo(running.infer(4).body());
    assertThat(answer.headers().firstValue("x-request-id")).hasValue("abc-2");

    HttpResponse<String> fault = post("nonsense");
    assertThat(fault.version()).isEqualTo(Version.HTTP_2);
    assertThat(fault.statusCode()).isEqualTo(400);
    assertThat(fault.headers().firstValue("faultline-fault").orElse("")).contains("code=decode.json");
    assertThat(post(body(5)).body()).contains("[10.0]");
  }

  @ParameterizedTest
  @ValueSource(ints = {LIMIT + 1, 3_000_000})
  void whoeverSendsTooMuchOverHttp2SeesWhyAndGoesOn(int length) throws Exception {
    upgraded();
    HttpResponse<String> refused = post("x".repeat(length));
    assertThat(refused.version()).isEqualTo(Version.HTTP_2);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains(length + " bytes (expected: at most " + LIMIT + ")");
    assertThat(post(body(1)).statusCode()).isEqualTo(200);
  }

  @Test
  void requestsShareAConnectionAndNoAnswerIsAnothers() throws Exception {
    upgraded();
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 64; i++) {
      answers.add(client.sendAsync(RunningServer.builder(running.uri(INFER)).POST(BodyPublishers.ofString(body(1_000 + i))).build(), BodyHandlers.ofString()));
    }
    for (int i = 0; i < 64; i++) {
      HttpResponse<String> answer = answers.get(i).get(20, TimeUnit.SECONDS);
      assertThat(answer.version()).isEqualTo(Version.HTTP_2);
      assertThat(answer.body()).contains("[" + 2.0 * (1_000 + i) + "]");
    }
  }

  @Test
  void aCallerWhoKnowsMaySpeakHttp2AtOnce() throws Exception {
    try (var caller = new Http2Caller(running.server.ports().http())) {
      caller.get(1, "/v2/models");
      assertThat(caller.reply(1).data()).contains("\"models\":[");
      String request = body(21);
      caller.open(3, INFER, "content-type", "application/json");
      caller.data(3, request.substring(0, 10), false);
      caller.data(3, request.substring(10), true);
      assertThat(caller.reply(3).data()).contains("[42.0]");
      caller.open(5, INFER);
      caller.data(5, "nonsense", true);
      assertThat(caller.reply(5).data()).contains("\"error\":");
    }
  }

  @Test
  void aBodyThatStopsOverHttp2IsGivenUpAndTheConnectionLivesOn() throws Exception {
    double before = cancelled();
    try (var caller = new Http2Caller(running.server.ports().http())) {
      caller.open(1, INFER);
      caller.data(1, "{", false);
      assertThat(caller.reply(1).lastFrame()).isEqualTo(Http2Caller.RST_STREAM);
      caller.get(3, "/v2");
      assertThat(caller.reply(3).data()).contains("faultline");
    }
    assertThat(cancelled()).isEqualTo(before + 1);
  }

  @Test
  void aCallerWhoLeavesInTheMiddleOfABodyIsCounted(@TempDir Path folder) throws Exception {
    try (var patient = new RunningServer(folder, Map.of("server.body_timeout", "10m"))) {
      try (var caller = new Http2Caller(patient.server.ports().http())) {
        caller.open(1, INFER);
        caller.data(1, "{", false);
        caller.get(3, "/v2");
        caller.reply(3);
      }
      RunningServer.await("the caller was missed", () -> cancelled(patient) == 1);
    }
  }

  @Test
  void aCallerWhoLeavesWhileItsRequestRunsStopsIt(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of())) {
      try (var caller = new Http2Caller(one.server.ports().http())) {
        caller.open(1, INFER);
        caller.data(1, body(60), true);
        RunningServer.await("it runs", () -> one.engine.waiting.get() == 1);
      }
      RunningServer.await("it was stopped", () -> counted(one, "infer.cancelled") == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"G", "GET /v2 HTTP/1.1\r\nHost: loc", "PR"})
  void aHeadThatStopsHasItsConnectionClosed(String head) throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      caller.write(head.substring(0, 1));
      if (head.length() > 1) {
        caller.write(head.substring(1));
      }
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aSecondHeadThatStopsHasItsConnectionClosedToo() throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      caller.write(RawCaller.post(INFER, body(1)) + "POST " + INFER);
      assertThat(caller.answer()).contains("[2.0]");
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  private HttpResponse<String> upgraded() throws Exception {
    HttpResponse<String> answer = client.send(RunningServer.builder(running.uri("/v2")).GET().build(), BodyHandlers.ofString());
    assertThat(answer.version()).isEqualTo(Version.HTTP_2);
    return answer;
  }

  private HttpResponse<String> post(String body, String... headers) throws Exception {
    return client.send(RunningServer.builder(running.uri(INFER), headers).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private double cancelled() {
    return cancelled(running);
  }

  private static double cancelled(RunningServer running) {
    return counted(running, "decode.cancelled");
  }

  private static double counted(RunningServer running, String code) {
    try {
      return running.get("/metrics").body().lines()
          .filter(line -> line.startsWith("faultline_faults_total{") && line.contains("code=\"" + code + "\""))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
