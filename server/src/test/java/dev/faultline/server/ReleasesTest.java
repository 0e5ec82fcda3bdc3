package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.config.ServerConfig;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labels and defaults over HTTP and gRPC: who answers, what is refused, and what of it a restart finds again.
class ReleasesTest {
  private static final String API = "/faultline/v1/models/m/";

  @TempDir Path folder;

  @Test
  void aVersionIsAskedForByLabelInPathHeaderParameterAndMetadata() throws Exception {
    try (var running = new RunningServer(folder, Map.of()); var grpc = new GrpcClient(running.server.ports().grpc())) {
      assertThat(put(running, "labels/stable", "1").statusCode()).isEqualTo(200);
      assertThat(answering(running.post("/v2/models/m/versions/stable/infer", RunningServer.body(1)))).isEqualTo("1");
      assertThat(answering(running.infer(1, "Faultline-Version", "stable"))).isEqualTo("1");
      assertThat(answering(running.infer(1, "Faultline-Version", "1"))).isEqualTo("1");
      String pinned = RunningServer.body(1).replaceFirst("\\{", "{\"parameters\":{\"faultline_pin_version\":\"stable\"},");
      assertThat(answering(running.post("/v2/models/m/infer", pinned))).isEqualTo("1");
      assertThat(grpc.calls("faultline-version", "stable").modelInfer(GrpcClient.raw(1).build()).getModelVersion()).isEqualTo("1");
      assertThat(grpc.calls().modelInfer(GrpcClient.raw(1).setModelVersion("stable").build()).getModelVersion()).isEqualTo("1");
      assertThat(answering(running.infer(1))).as("without a default the highest answers").isEqualTo("2");
      assertThat(running.get("/v2/models/m/versions/stable/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anUnknownLabelIsRefusedNamingTheKnownOnes() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      put(running, "labels/stable", "1");
      HttpResponse<String> answer = running.infer(1, "Faultline-Version", "stabel");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("Faultline-Fault").orElse("")).contains("code=route.version_not_found");
      assertThat(answer.body()).contains("has no version 'stabel' (expected: one of 1, 2, stable)");
    }
  }

  @Test
  void aHeaderThatContradictsThePathIsRefused() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      HttpResponse<String> answer = running.post("/v2/models/m/versions/1/infer", RunningServer.body(1), "Faultline-Version", "2");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("header Faultline-Version asks for version '2' and the call for '1'");
    }
  }

  @Test
  void promoteAndRollBackMoveTheDefaultAndTheLabelAndAreAudited() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(names(put(running, "default", "1")).path("answers").asText()).isEqualTo("1");
      assertThat(answering(running.infer(1))).isEqualTo("1");
      JsonNode promoted = names(post(running, "promote", "{\"version\":\"2\"}", "X-Actor", "ada"));
      assertThat(promoted.path("default").asText()).isEqualTo("2");
      assertThat(promoted.path("former_default").asText()).isEqualTo("1");
      assertThat(promoted.path("labels").path("stable").asText()).isEqualTo("2");
      assertThat(answering(running.infer(1))).isEqualTo("2");
      assertThat(names(post(running, "rollback", "")).path("answers").asText()).isEqualTo("1");
      assertThat(answering(running.infer(1))).isEqualTo("1");
      JsonNode audit = tree(running.getAdmin("/faultline/v1/audit?model=m")).path("items");
      assertThat(audit.findValuesAsText("action")).containsExactly("rollback", "promote", "default");
      assertThat(audit.path(1).path("actor").asText()).isEqualTo("ada");
      assertThat(audit.path(1).path("address").asText()).isEqualTo("127.0.0.1");
      assertThat(audit.path(1).path("what").asText()).isEqualTo("version 2 of m is promoted, instead of 1");
      assertThat(audit.path(0).path("actor").asText()).isEqualTo("local");
    }
  }

  @Test
  void theFirstPromotionRollsBackToTheVersionThatAnsweredBefore() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(names(post(running, "promote", "{\"version\":1}")).path("former_default").asText()).isEqualTo("2");
      assertThat(names(post(running, "rollback", "")).path("answers").asText()).isEqualTo("2");
    }
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertRefused(put(running, "labels/7", "1"), 400, "label '7' is none");
      assertRefused(put(running, "labels/stable", "9"), 404, "model 'm' has no version '9' (expected: one of 1, 2)");
      assertRefused(put(running, "default", "9"), 404, "has no version '9'");
      assertRefused(send(running, "PUT", "default", "{\"versoin\":\"1\"}"), 400, "did you mean 'version'?");
      assertRefused(send(running, "PUT", "default", "{}"), 400, "has no 'version'");
      assertRefused(send(running, "PUT", "default", "x"), 400, "is not JSON");
      assertRefused(post(running, "rollback", ""), 409, "nothing to roll back to");
      assertRefused(send(running, "DELETE", "labels/none", ""), 404, "has no label 'none'");
      HttpResponse<String> broken = running.send(RunningServer.builder(running.admin("/faultline/v1/models/broken/default")).PUT(BodyPublishers.ofString("{\"version\":\"1\"}")).build());
      assertRefused(broken, 409, "version 1 of 'broken' is not ready");
      assertRefused(running.getAdmin("/faultline/v1/models/nobody/labels"), 404, "there is no model 'nobody'");
      assertThat(tree(running.getAdmin("/faultline/v1/audit")).path("items")).isEmpty();
    }
  }

  @Test
  void aDefaultThatIsNotReadyHasNoStandIn() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      put(running, "default", "1");
      post(running, "versions/1/unload", "");
      HttpResponse<String> answer = running.infer(1);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("model 'm' version 1 is not ready").contains("it is the model's default");
      send(running, "DELETE", "default", "");
      assertThat(answering(running.infer(1))).isEqualTo("2");
    }
  }

  @Test
  void aRestartFindsLabelsDefaultsAndTheAuditTrailAgain() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      put(running, "labels/blue", "1");
      put(running, "default", "1");
    }
    Files.writeString(folder.resolve("data/audit.jsonl"), "{\"schema\":\"faultline/audit.v1\",\"num", StandardOpenOption.APPEND);
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(answering(running.infer(1))).isEqualTo("1");
      assertThat(answering(running.infer(1, "Faultline-Version", "blue"))).isEqualTo("1");
      put(running, "labels/blue", "2");
      assertThat(tree(running.getAdmin("/faultline/v1/audit")).path("items").findValuesAsText("number")).as("the torn line is passed over").containsExactly("3", "2", "1");
      assertThat(Files.readAllLines(folder.resolve("data/audit.jsonl"))).hasSize(4);
    }
  }

  @Test
  void aStateFileThatIsNotOursStopsTheStartWithASentence() throws Exception {
    for (String content : List.of("{\"schema\":\"faultline/sta", "{\"schema\":\"other\"}", "[]", "", "\u0000\u0001")) {
      Files.createDirectories(folder.resolve("data"));
      Files.writeString(folder.resolve("data/state.json"), content);
      var config = ServerConfig.with(folder, Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "data", "data"));
      assertThatThrownBy(() -> Faultline.start(config, new FakeEngine().furnishing()))
          .as(content)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("labels and rollouts cannot be read from")
          .hasMessageContaining("mend: put a copy of it back");
    }
  }

  @Test
  void noRequestFailsWhileTheDefaultMoves() throws Exception {
    try (var running = new RunningServer(folder, Map.of("limits.instances", "2", "limits.queue_timeout", "60s")); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var over = new AtomicBoolean();
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(threads.submit(() -> callsUntil(running, over)));
      }
      try {
        for (int round = 0; round < 20; round++) {
          assertThat(post(running, "promote", "{\"version\":\"" + (round % 2 + 1) + "\"}").statusCode()).isEqualTo(200);
        }
      } finally {
        over.set(true);
      }
      for (Future<Integer> client : clients) {
        assertThat(client.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  private static int callsUntil(RunningServer running, AtomicBoolean over) throws Exception {
    int count = 0;
    for (; !over.get(); count++) {
      HttpResponse<String> answer = running.infer(2.5);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
    return count;
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  private static String answering(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer).path("model_version").asText();
  }

  private static JsonNode names(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer);
  }

  private static JsonNode tree(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private static HttpResponse<String> put(RunningServer running, String path, String version) throws Exception {
    return send(running, "PUT", path, "{\"version\":\"" + version + "\"}");
  }

  private static HttpResponse<String> post(RunningServer running, String path, String body, String... headers) throws Exception {
    return send(running, "POST", path, body, headers);
  }

  private static HttpResponse<String> send(RunningServer running, String method, String path, String body, String... headers) throws Exception {
    HttpRequest request = RunningServer.builder(running.admin(API + path), headers).method(method, BodyPublishers.ofString(body)).build();
    return running.send(request);
  }
}
