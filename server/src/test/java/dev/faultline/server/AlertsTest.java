package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the webhook's receiver sees.
class AlertsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/hook", exchange -> {
      JsonNode message = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
      boolean refused = refusals.getAndDecrement() > 0;
      if (!refused) {
        messages.add(message);
      }
      exchange.sendResponseHeaders(refused ? 503 : 200, -1);
      exchange.close();
    });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  @Test
  void aFailureNotSeenBeforeIsSaidOnceInAlertmanagersPayload() throws Exception {
    try (var running = running(Map.of())) {
      running.infer(13);
      running.infer(13);
      running.infer(500);
      RunningServer.await("both groups are said", () -> messages.size() == 2);

      JsonNode message = messages.getFirst();
      assertThat(message.path("version").asText()).isEqualTo("4");
      assertThat(message.path("status").asText()).isEqualTo("firing");
      assertThat(message.path("groupLabels").path("alertname").asText()).isEqualTo("FaultlineNewFault");
      JsonNode alert = message.path("alerts").get(0);
      assertThat(alert.path("labels").path("code").asText()).isEqualTo("infer.failed");
      assertThat(alert.path("labels").path("model").asText()).isEqualTo("m");
      assertThat(alert.path("labels").path("version").asText()).isEqualTo("2");
      assertThat(alert.path("endsAt").asText()).isEqualTo("0001-01-01T00:00:00Z");
      assertThat(alert.path("generatorURL").asText()).isEqualTo("http://127.0.0.1:" + running.server.ports().admin() + "/faultline/v1/groups/FL-1");
      assertThat(metric(running, "faultline_alert_firing{model=\"m\",rule=\"FaultlineNewFault\"}")).isEqualTo(2);
    }
  }

  @Test
  void aCallersMistakeIsNoAlert() throws Exception {
    try (var running = running(Map.of())) {
      running.post("/v2/models/m/infer", "nonsense");
      running.infer(13);
      RunningServer.await("the model's failure is said", () -> !messages.isEmpty());

      assertThat(messages).singleElement().satisfies(message -> assertThat(message.toString()).contains("infer.failed"));
    }
  }

  @Test
  void whatHasBeenQuietForAWhileIsOver() throws Exception {
    try (var running = running(Map.of("alerts.resolve_after", "300ms"))) {
      running.infer(13);
      RunningServer.await("it is over", () -> messages.size() == 2);

      assertThat(messages.getLast().path("status").asText()).isEqualTo("resolved");
      assertThat(messages.getLast().path("alerts").get(0).path("fingerprint")).isEqualTo(messages.getFirst().path("alerts").get(0).path("fingerprint"));
      assertThat(messages.getLast().path("alerts").get(0).path("endsAt").asText()).startsWith("20");
    }
  }

  @Test
  void aReceiverThatRefusesIsAskedAgain() throws Exception {
    refusals.set(2);
    try (var running = running(Map.of())) {
      running.infer(13);
      RunningServer.await("the third try is taken", () -> !messages.isEmpty());

      RunningServer.await("it is counted", () -> metric(running, "faultline_alert_messages_total{result=\"sent\"}") == 1);
    }
  }

  @Test
  void manyTimeoutsOfAKindAreABurst() throws Exception {
    try (var running = running(Map.of("limits.infer_timeout", "50ms", "alerts.timeout_burst", "3"))) {
      for (int i = 0; i < 4; i++) {
        running.infer(60);
      }
      RunningServer.await("the burst is said", () -> messages.stream().anyMatch(m -> m.path("groupLabels").path("alertname").asText().equals("FaultlineTimeoutBurst")));

      JsonNode burst = messages.stream().filter(m -> m.toString().contains("FaultlineTimeoutBurst")).findFirst().orElseThrow();
      assertThat(burst.path("commonLabels").path("kind").asText()).isEqualTo("infer");
    }
  }

  @Test
  void lostLanesAreSaidUntilTheyAreBack() throws Exception {
    try (var running = running(Map.of("limits.infer_timeout", "50ms", "limits.stop_grace", "20ms", "alerts.resolve_after", "200ms"))) {
      assertThat(running.infer(61).statusCode()).isEqualTo(504);
      RunningServer.await("the lane is said to be lost", () -> !of("FaultlineLostLanes").isEmpty());
      JsonNode labels = of("FaultlineLostLanes").getFirst().path("commonLabels");
      assertThat(labels.path("model").asText()).isEqualTo("m");
      assertThat(labels.path("version").asText()).isEqualTo("2");
      // longer than it takes alerts of other kinds to be over
      RunningServer.await("the group is over", () -> of("FaultlineNewFault").size() == 2);
      assertThat(of("FaultlineLostLanes")).hasSize(1);
      running.engine.release.countDown();
      RunningServer.await("it is over", () -> of("FaultlineLostLanes").size() == 2);
      assertThat(of("FaultlineLostLanes").getLast().path("status").asText()).isEqualTo("resolved");
    }
  }

  @Test
  void aRolloutThatIsAbortedIsSaid() throws Exception {
    try (var running = running(Map.of())) {
      String started = running.send(RunningServer.builder(running.admin("/faultline/v1/rollouts")).POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\"}")).build()).body();
      String id = MAPPER.readTree(started).path("id").asText();
      RunningServer.await("its beginning is said", () -> of("FaultlineRollout").size() == 1);
      running.send(RunningServer.builder(running.admin("/faultline/v1/rollouts/" + id + "/abort")).POST(HttpRequest.BodyPublishers.noBody()).build());
      RunningServer.await("that one is over, and another begins", () -> of("FaultlineRollout").size() == 3);
      assertThat(of("FaultlineRollout").stream().map(each -> each.path("status").asText())).containsExactly("firing", "resolved", "firing");
      assertThat(of("FaultlineRollout").getLast().path("commonLabels").path("state").asText()).isEqualTo("ABORTED");
    }
  }

  @Test
  void requestsAreServedAsEverWhileNobodyListens() throws Exception {
    receiver.stop(0);
    try (var running = running(Map.of())) {
      for (int i = 0; i < 20; i++) {
        assertThat(running.infer(13).statusCode()).isEqualTo(500);
        assertThat(running.infer(1).statusCode()).isEqualTo(200);
      }
      assertThat(metric(running, "faultline_alert_firing{model=\"m\",rule=\"FaultlineNewFault\"}")).isEqualTo(1);
      assertThat(metric(running, "faultline_alert_messages_total{result=\"sent\"}")).isZero();
    }
  }

  private List<JsonNode> of(String alert) {
    return messages.stream().filter(each -> each.path("groupLabels").path("alertname").asText().equals(alert)).toList();
  }

  private RunningServer running(Map<String, String> settings) throws Exception {
    var all = new HashMap<>(settings);
    all.put("alerts.webhook_url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
    return new RunningServer(folder, all);
  }

  private static double metric(RunningServer running, String series) {
    try {
      return running.get("/metrics").body().lines().filter(line -> line.startsWith(series + " ")).mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1))).sum();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
