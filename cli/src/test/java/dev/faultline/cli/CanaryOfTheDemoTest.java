package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's versions as canaries of its first, over HTTP: the judge ends them by itself, for the right reasons.
class CanaryOfTheDemoTest {
  private static final String V2 = "{\"model\":\"birdstrike-damage\",\"candidate\":\"2\",\"baseline\":\"1\",\"steps\":[50]}";
  private static final String V3 = "{\"model\":\"birdstrike-damage\",\"candidate\":\"3\",\"baseline\":\"1\",\"steps\":[50],\"min_requests\":150,\"min_minutes\":0}";
  /// An e-value from which on the judge fails a candidate.
  private static final double FAIL = 100;

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
  private Path dataDir;

  @Test
  void versionTwoIsRolledBackByItselfAndTheReasonNamesTheMissingSpeeds() throws Exception {
    // on a machine with other things to do an investigation takes longer than a rollback should wait
    try (var server = DemoServer.start(dataDir, Map.of("isolation.rollback_patience", "3m")); var traffic = traffic(server)) {
      String id = traffic.start(V2).path("id").asText();
      int requests = 0;
      while (!traffic.rollout(id).path("judgement").path("verdict").asText().equals("FAIL")) {
        for (int i = 0; i < 20; i++) {
          traffic.answered();
        }
        requests += 20;
        assertThat(requests).as("requests until the judge has made up its mind").isLessThanOrEqualTo(600);
      }
      DemoTraffic.await("the rollback", () -> !traffic.rollout(id).path("ended_at").isNull());
      JsonNode rollout = traffic.rollout(id);
      assertThat(rollout.path("state").asText()).as(rollout.toPrettyString()).isEqualTo("ROLLED_BACK");
      assertThat(rollout.path("reason").asText()).as(rollout.toPrettyString()).contains("check.nonfinite").contains("speed_knots").contains("/speed/impute");
      assertThat(rollout.path("weight").asDouble()).isZero();
      JsonNode found = rollout.path("report").path(0);
      assertThat(found.path("confidence").asText()).as(found.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(found.path("node").path("name").asText()).isEqualTo("/speed/impute");
      assertThat(found.path("fields").findValuesAsText("tensor")).contains("speed_knots");
      for (int i = 0; i < 20; i++) {
        assertThat(traffic.answered()).isEqualTo("1");
      }
      assertThat(traffic.get("/models/birdstrike-damage/labels").path("default").asText()).isEqualTo("1");
    }
  }

  @Test
  void versionThreeIsPromotedByItself() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of()); var traffic = traffic(server)) {
      String id = traffic.start(V3).path("id").asText();
      traffic.sendUntilOver(id, 3_000);
      JsonNode rollout = traffic.rollout(id);
      assertThat(rollout.path("state").asText()).as(rollout.toPrettyString()).isEqualTo("PROMOTED");
      assertThat(traffic.answered()).isEqualTo("3");
      DemoTraffic.await("it has the names", () -> traffic.get("/models/birdstrike-damage/labels").path("default").asText().equals("3"));
      assertThat(traffic.get("/models/birdstrike-damage/labels").path("labels").path("stable").asText()).isEqualTo("3");
    }
  }

  @Test
  void noRequestIsDroppedWhileTheVersionInChargeChanges() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of()); var traffic = traffic(server); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var stop = new AtomicBoolean();
      List<Future<List<String>>> clients = IntStream.range(0, 4).mapToObj(_ -> threads.submit(() -> versionsUntil(stop, traffic))).toList();
      for (int i = 0; i < 4; i++) {
        String id = traffic.start(V3).path("id").asText();
        DemoTraffic.await("both answer", () -> traffic.rollout(id).path("requests").path("candidate").asInt() > 5);
        traffic.post("/rollouts/" + id + (i % 2 == 0 ? "/promote" : "/abort"), Map.of());
        if (i % 2 == 0) {
          traffic.post("/models/birdstrike-damage/rollback", Map.of());
        }
      }
      stop.set(true);
      var answered = new ArrayList<String>();
      for (Future<List<String>> client : clients) {
        answered.addAll(client.get());
      }
      assertThat(new HashSet<>(answered)).as("every answer is a version's").containsExactlyInAnyOrder("1", "3");
    }
  }

  @Test
  void aCallerMovesToTheCandidateAndNeverBack() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of()); var traffic = traffic(server)) {
      String id = traffic.start(V3.replace("[50]", "[20,60,90],\"key\":\"X-Client-Id\"")).path("id").asText();
      var sides = new LinkedHashMap<String, String>();
      DemoTraffic.await("everybody is at the candidate", () -> {
        for (int i = 0; i < 40; i++) {
          String caller = "caller-" + i;
          String side = traffic.answered("X-Client-Id", caller);
          assertThat(sides.getOrDefault(caller, "1") + side).as("%s, while %s", caller, traffic.rollout(id).path("state")).isNotEqualTo("31");
          sides.put(caller, side);
        }
        return traffic.rollout(id).path("state").asText().equals("PROMOTED") && !sides.containsValue("1");
      });
    }
  }

  @Test
  void manyTriesOfOneRequestAreOneFault() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of()); var traffic = traffic(server)) {
      String id = traffic.start(V3.replace("150", "100000")).path("id").asText();
      String tried = idOfTheCandidate(traffic, id);
      for (int i = 0; i < 60; i++) {
        assertThat(traffic.infer(tooFast(traffic), "X-Request-Id", tried).statusCode()).isEqualTo(400);
      }
      DemoTraffic.await("all are counted", () -> traffic.rollout(id).path("requests").path("candidate").asInt() >= 61);
      JsonNode rollout = traffic.rollout(id);
      assertThat(rollout.path("state").asText()).as(rollout.toPrettyString()).isEqualTo("CANARY");
      rollout.path("judgement").path("streams").forEach(stream -> assertThat(stream.path("e_value").asDouble()).as(stream.toString()).isLessThan(FAIL / 10));
    }
  }

  @Test
  void faultsWhoseVerifiedCauseIsTheRequestDoNotCountAgainstTheCandidate() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of()); var traffic = traffic(server)) {
      String id = traffic.start(V3.replace("150", "100000").replace("\"steps\"", "\"key\":\"X-Client-Id\",\"steps\"")).path("id").asText();
      List<String> clients = clientsOfTheCandidate(traffic, 25);
      // the first of them, as a rollout meets it: somebody looks, and finds that no version takes such a speed
      HttpResponse<String> first = traffic.infer(tooFast(traffic), "X-Client-Id", clients.getFirst());
      assertThat(first.statusCode()).isEqualTo(400);
      DemoTraffic.await("the fault's cause is known", () -> groupOf(traffic, "validate.range").path("verdict").path("cause").asText().equals("INPUT"));
      DemoTraffic.await("it counts no more", () -> !traffic.rollout(id).path("judgement").path("streams").toString().contains("faults:validate.range"));
      for (int i = 0; i < 3; i++) {
        for (String client : clients) {
          assertThat(traffic.infer(tooFast(traffic), "X-Client-Id", client).statusCode()).isEqualTo(400);
        }
      }
      DemoTraffic.await("all are counted", () -> traffic.rollout(id).path("requests").path("candidate").asInt() >= 75);
      JsonNode rollout = traffic.rollout(id);
      assertThat(rollout.path("state").asText()).as(rollout.toPrettyString()).isEqualTo("CANARY");
      assertThat(rollout.path("judgement").path("verdict").asText()).isNotEqualTo("FAIL");
    }
  }

  @Test
  void faultsOfWhichNobodyKnowsTheCauseDoCount() throws Exception {
    // without captures there is nothing to replay, and the same traffic as above speaks against the candidate
    try (var server = DemoServer.start(dataDir, Map.of("capture.enabled", "false")); var traffic = traffic(server)) {
      String id = traffic.start(V3.replace("150", "100000").replace("\"steps\"", "\"key\":\"X-Client-Id\",\"steps\"")).path("id").asText();
      for (String client : clientsOfTheCandidate(traffic, 25)) {
        traffic.infer(tooFast(traffic), "X-Client-Id", client);
      }
      DemoTraffic.await("the end", () -> traffic.rollout(id).path("state").asText().equals("ROLLED_BACK"));
      assertThat(traffic.rollout(id).path("reason").asText()).contains("validate.range speed_knots");
    }
  }

  private static DemoTraffic traffic(DemoServer server) throws Exception {
    return new DemoTraffic(server.faultline().ports().http(), server.faultline().ports().admin());
  }

  private static List<String> versionsUntil(AtomicBoolean stop, DemoTraffic traffic) throws Exception {
    var versions = new ArrayList<String>();
    while (!stop.get()) {
      versions.add(traffic.answered());
    }
    return versions;
  }

  /// A speed that no bird survives and no contract takes.
  private static String tooFast(DemoTraffic traffic) {
    return traffic.next().replaceFirst("(\"speed_knots\"[^}]*\"data\":\\[)[^]]*", "$19999");
  }

  private static String idOfTheCandidate(DemoTraffic traffic, String id) throws Exception {
    for (int i = 0; i < 100; i++) {
      if (traffic.answered("X-Request-Id", "try-" + i).equals("3")) {
        return "try-" + i;
      }
    }
    throw new AssertionError("of 100 requests none was given to the candidate of " + traffic.rollout(id));
  }

  private static List<String> clientsOfTheCandidate(DemoTraffic traffic, int count) throws Exception {
    var clients = new ArrayList<String>();
    for (int i = 0; clients.size() < count; i++) {
      if (traffic.answered("X-Client-Id", "client-" + i).equals("3")) {
        clients.add("client-" + i);
      }
    }
    return clients;
  }

  private static JsonNode groupOf(DemoTraffic traffic, String code) throws Exception {
    for (JsonNode group : traffic.get("/groups").path("items")) {
      if (group.path("code").asText().equals(code)) {
        return traffic.get("/groups/" + group.path("id").asText());
      }
    }
    return traffic.get("/groups").path("none");
  }
}
