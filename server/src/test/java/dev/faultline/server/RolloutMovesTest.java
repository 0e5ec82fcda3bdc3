package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What receivers of CloudEvents and of the webhook hear of a rollout.
class RolloutMovesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final List<String> types = new CopyOnWriteArrayList<>();
  private final List<JsonNode> alerts = new CopyOnWriteArrayList<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private HttpServer receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/events", exchange -> {
      events.add(MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
      types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
      exchange.sendResponseHeaders(refusals.getAndDecrement() > 0 ? 503 : 202, -1);
      exchange.close();
    });
    receiver.createContext("/hook", exchange -> {
      alerts.add(MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  @Test
  void everyMoveIsACloudEventWithTheWholeRollout() throws Exception {
    try (var running = running("alerts.cloudevents_url", "/events")) {
      String id = moved(running);
      RunningServer.await("three moves are told", () -> events.size() == 3);
      assertThat(events).extracting(event -> event.path("state").asText()).containsExactly("CANARY", "CANARY", "PROMOTED");
      assertThat(events).allSatisfy(event -> {
        assertThat(event.path("specversion").asText()).isEqualTo("1.0");
        assertThat(event.path("type").asText()).isEqualTo("dev.faultline.rollout.v1");
        assertThat(event.path("subject").asText()).isEqualTo(id);
        assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
        assertThat(event.path("source").asText()).isEqualTo(running.admin("/faultline/v1/rollouts").toString());
        assertThat(event.path("time").asText()).isEqualTo(event.path("data").path("since").asText());
        assertThat(event.path("data").path("schema").asText()).isEqualTo("faultline/rollout.v1");
        assertThat(event.path("data").path("state").asText()).isEqualTo(event.path("state").asText());
      });
      assertThat(events.get(1).path("data").path("weight").asDouble()).isEqualTo(30);
      assertThat(new HashSet<>(events.stream().map(event -> event.path("id").asText()).toList())).as("ids").hasSize(3);
      assertThat(types).containsOnly("application/cloudevents+json");
    }
  }

  @Test
  void anEventThatWasRefusedComesAgainUnderItsId() throws Exception {
    refusals.set(1);
    try (var running = running("alerts.cloudevents_url", "/events")) {
      start(running);
      RunningServer.await("it is tried again", () -> events.size() == 2);
      assertThat(events.get(1)).isEqualTo(events.get(0));
      RunningServer.await("it is counted", () -> metrics(running).contains("faultline_event_messages_total{result=\"sent\"} 1.0"));
    }
  }

  @Test
  void everyMoveIsAMessageToTheWebhookWhichTheNextOneResolves() throws Exception {
    try (var running = running("alerts.webhook_url", "/hook")) {
      moved(running);
      RunningServer.await("all is said", () -> alerts.size() == 5);
      assertThat(alerts).extracting(alert -> alert.path("status").asText() + " " + alert.path("commonLabels").path("state").asText())
          .containsExactly("firing CANARY", "resolved CANARY", "firing CANARY", "resolved CANARY", "firing PROMOTED");
      assertThat(alerts).allSatisfy(alert -> assertThat(alert.path("groupLabels").path("alertname").asText()).isEqualTo("FaultlineRollout"));
    }
  }

  private static String moved(RunningServer running) throws Exception {
    String id = start(running);
    post(running, "/" + id + "/weight", "{\"weight\":30}");
    post(running, "/" + id + "/promote", "");
    return id;
  }

  private static String start(RunningServer running) throws Exception {
    return post(running, "", "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"steps\":[20,60]}").path("id").asText();
  }

  private static JsonNode post(RunningServer running, String path, String body) throws Exception {
    var answer = running.send(RunningServer.builder(running.admin("/faultline/v1/rollouts" + path)).POST(BodyPublishers.ofString(body)).build());
    assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
    return MAPPER.readTree(answer.body());
  }

  private static String metrics(RunningServer running) {
    try {
      return running.get("/metrics").body();
    } catch (Exception e) {
      throw new AssertionError("no metrics", e);
    }
  }

  private RunningServer running(String key, String path) throws Exception {
    return new RunningServer(folder, Map.of(key, "http://127.0.0.1:" + receiver.getAddress().getPort() + path));
  }
}
