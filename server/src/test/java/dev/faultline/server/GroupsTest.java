package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of groups that somebody resolved.
class GroupsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aGroupThatWasResolvedAndIsSeenAgainHasRegressed() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      fail(running, "1");
      assertThat(group(running).path("state").asText()).isEqualTo("OPEN");

      JsonNode resolved = post(running, "resolve", "{\"version\":\"2\"}", 200);
      assertThat(resolved.path("state").asText()).isEqualTo("RESOLVED");
      assertThat(resolved.path("resolution").path("version").asText()).isEqualTo("2");

      fail(running, "1");
      assertThat(group(running).path("state").asText()).as("an older version").isEqualTo("RESOLVED");
      fail(running, "2");
      JsonNode regressed = group(running);
      assertThat(regressed.path("state").asText()).isEqualTo("REGRESSED");
      assertThat(regressed.path("regression").path("resolved_in").asText()).isEqualTo("2");
      assertThat(regressed.path("regression").path("seen_again_in").asText()).isEqualTo("2");
      assertThat(regressed.path("faults").get(0)).isEqualTo(regressed.path("regression").path("fault"));
      assertThat(regressed.path("resolution").isNull()).isTrue();
      assertThat(running.get("/metrics").body()).contains("faultline_fault_groups_regressed_total{blame=\"MODEL\",code=\"infer.failed\",model=\"m\"} 1");
      assertThat(listed(running, "?state=REGRESSED")).isEqualTo(1);
      assertThat(listed(running, "?state=OPEN")).isZero();

      assertThat(post(running, "reopen", "", 200).path("state").asText()).isEqualTo("OPEN");
      assertThat(running.getAdmin("/faultline/v1/audit").body()).contains("group FL-1 is resolved in version 2", "group FL-1 is open again");
    }
  }

  @Test
  void withoutAVersionTheModelsNewestIsMeant() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      fail(running, "1");
      assertThat(post(running, "resolve", "", 200).path("resolution").path("version").asText()).isEqualTo("2");
      assertThat(post(running, "resolve", "{\"version\":7}", 200).path("resolution").path("version").asText()).isEqualTo("7");
    }
  }

  @Test
  void whatWasResolvedStaysResolvedWhenTheServerStartsAnew() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      fail(running, "1");
      post(running, "resolve", "{\"version\":\"2\"}", 200);
    }
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(group(running).path("resolution").path("version").asText()).isEqualTo("2");
      fail(running, "2");
      assertThat(group(running).path("state").asText()).isEqualTo("REGRESSED");
    }
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(group(running).path("regression").path("seen_again_in").asText()).isEqualTo("2");
    }
  }

  @Test
  void requestsThatMakeNoSenseAreRefused() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      fail(running, "1");
      assertThat(post(running, "resolve", "{\"versoin\":\"2\"}", 400).path("detail").asText()).contains("did you mean 'version'?");
      assertThat(post(running, "resolve", "{\"version\":\"\"}", 400).path("detail").asText()).contains("'version'");
      assertThat(running.getAdmin("/faultline/v1/groups?state=gone").statusCode()).isEqualTo(400);
      assertThat(send(running, "FL-9/resolve", "").statusCode()).isEqualTo(404);
      assertThat(group(running).path("state").asText()).isEqualTo("OPEN");
    }
  }

  @Test
  void theWebhookHearsOfARegressionAndThatWhatWasResolvedIsOver() throws Exception {
    List<JsonNode> messages = new CopyOnWriteArrayList<>();
    HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", exchange -> {
      messages.add(MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    receiver.start();
    try (var running = new RunningServer(folder, Map.of("alerts.webhook_url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/"))) {
      fail(running, "1");
      post(running, "resolve", "{\"version\":\"2\"}", 200);
      fail(running, "2");
      RunningServer.await("new, over, and back", () -> messages.size() == 3);

      assertThat(messages).extracting(m -> m.path("groupLabels").path("alertname").asText() + " " + m.path("status").asText())
          .containsExactly("FaultlineNewFault firing", "FaultlineNewFault resolved", "FaultlineRegression firing");
      assertThat(messages.getLast().path("commonLabels").path("version").asText()).isEqualTo("2");
      assertThat(messages.getLast().path("commonAnnotations").path("summary").asText()).startsWith("m 2: resolved in 2, seen again in 2: ");
    } finally {
      receiver.stop(0);
    }
  }

  private static void fail(RunningServer running, String version) throws Exception {
    assertThat(running.post("/v2/models/m/versions/" + version + "/infer", RunningServer.body(13)).statusCode()).isEqualTo(500);
  }

  private static JsonNode group(RunningServer running) throws Exception {
    return MAPPER.readTree(running.getAdmin("/faultline/v1/groups/FL-1").body());
  }

  private static int listed(RunningServer running, String query) throws Exception {
    return MAPPER.readTree(running.getAdmin("/faultline/v1/groups" + query).body()).path("items").size();
  }

  private static JsonNode post(RunningServer running, String verb, String body, int status) throws Exception {
    HttpResponse<String> answer = send(running, "FL-1/" + verb, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return MAPPER.readTree(answer.body());
  }

  private static HttpResponse<String> send(RunningServer running, String path, String body) throws Exception {
    var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return running.send(RunningServer.builder(running.admin("/faultline/v1/groups/" + path)).POST(publisher).build());
  }
}
