package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Profiles of a running server, over its admin API.
class ProfilesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<byte[]> LEAKED = new ArrayList<>();
  private static final int LEAKED_MAX = 200;
  @SuppressWarnings("UnusedVariable") // written so that the work is not optimised away
  private static volatile Object sink = "";

  @TempDir Path folder;

  @Test
  void aSlowStepIsNamedWithItsShareAndItsHottestMethod() throws Exception {
    try (var running = server(new TestStep("light", () -> {}), new TestStep("crunch", ProfilesTest::crunch))) {
      JsonNode profile = taken(running, "{\"model\":\"m\",\"seconds\":2}");
      JsonNode summary = profile.path("summary");
      assertThat(profile.path("event").asText()).isEqualTo("cpu");
      assertThat(summary.path("steps").path(0).path("step").asText()).as(profile.toPrettyString()).isEqualTo("crunch");
      assertThat(summary.path("steps").path(0).path("share").asDouble()).isGreaterThan(.5);
      assertThat(summary.path("headline").asText()).startsWith("m/2 PREPROCESS step crunch has ").contains("ProfilesTest.crunch");
      assertThat(summary.path("hottest").path(0).path("frame").asText()).isEqualTo("dev.faultline.server.ProfilesTest.crunch");
      assertThat(summary.path("times").path(0).path("steps").toString()).contains("\"step\":\"crunch\"", "\"step\":\"light\"");
      assertThat(profile.path("profiler").asText()).isNotEmpty();
      assertThat(profile.path("why").asText()).isNotEmpty();
      assertThat(part(running, profile, "collapsed").body()).contains("m/2;PREPROCESS;step crunch;").contains("ProfilesTest.crunch ");
      HttpResponse<String> page = part(running, profile, "flamegraph");
      assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
      assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("\"step crunch\"").doesNotContain("/*DATA*/");
      assertThat(part(running, profile, "recording").body()).startsWith("FLR");
    }
  }

  @Test
  void whatLeaksIsNamedByItsAllocationSite() throws Exception {
    try (var running = server(new TestStep("remember", ProfilesTest::leak))) {
      JsonNode site = taken(running, "{\"model\":\"m\",\"event\":\"live\",\"seconds\":2}").path("summary").path("sites").path(0);
      assertThat(site.path("site").asText()).startsWith("dev.faultline.server.ProfilesTest.leak:");
      assertThat(site.path("type").asText()).isEqualTo("byte[]");
      assertThat(site.path("where").asText()).isEqualTo("m/2 PREPROCESS step remember");
    } finally {
      LEAKED.clear();
    }
  }

  @Test
  void allocationsAreNamedByTheirSite() throws Exception {
    try (var running = server(new TestStep("litter", ProfilesTest::litter))) {
      JsonNode summary = taken(running, "{\"model\":\"m\",\"version\":\"2\",\"event\":\"alloc\",\"seconds\":2}").path("summary");
      assertThat(summary.path("sites").path(0).path("site").asText()).startsWith("dev.faultline.server.ProfilesTest.litter:");
      assertThat(summary.path("steps").path(0).path("step").asText()).isEqualTo("litter");
    }
  }

  @Test
  void aStepThatOnlyWaitsIsNamedByTheClockAndByTheWallProfile() throws Exception {
    try (var running = server(new TestStep("doze", ProfilesTest::doze))) {
      JsonNode profile = taken(running, "{\"model\":\"m\",\"event\":\"wall\",\"seconds\":2}");
      JsonNode summary = profile.path("summary");
      assertThat(summary.path("steps").path(0).path("step").asText()).as(profile.toPrettyString()).isEqualTo("doze");
      assertThat(summary.path("times").path(0).path("steps").path(0).path("mean_ms").asDouble()).isGreaterThanOrEqualTo(10);
      assertThat(part(running, profile, "collapsed").body()).contains("ProfilesTest.doze");
      HttpResponse<String> none = running.getAdmin("/faultline/v1/profiles/" + profile.path("id").asText() + "/recording");
      assertThat(none.statusCode()).isEqualTo(404);
      assertThat(none.body()).contains("has no recording: it was taken by the server's own sampler");
    }
  }

  @Test
  void oneProfileIsTakenAtATimeAndAStoppedServerKeepsWhatItHas() throws Exception {
    try (var running = server()) {
      String id = started(running, "{\"seconds\":300}").path("id").asText();
      HttpResponse<String> second = post(running, "{}");
      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains(id);
      assertThat(running.getAdmin("/faultline/v1/profiles/" + id + "/flamegraph").statusCode()).isEqualTo(409);
      running.server.stop();
      assertThat(folder.resolve("data/profiles").resolve(id).resolve("profile.json")).content().contains("\"state\":\"DONE\"");
    }
  }

  @Test
  void whatCannotBeProfiledIsRefusedWithWhatCanBe() throws Exception {
    try (var running = server()) {
      assertRefused(running, "{\"model\":\"nobody\"}", 404, "there is no model 'nobody'");
      assertRefused(running, "{\"model\":\"m\",\"version\":\"9\"}", 404, "(expected: one of 1, 2)");
      assertRefused(running, "{\"version\":\"9\"}", 400, "of no model");
      assertRefused(running, "{\"event\":\"gpu\"}", 400, "(expected: one of cpu, alloc, live, wall, lock)");
      assertRefused(running, "{\"seconds\":0}", 400, "a whole number from 1 to 300");
      assertRefused(running, "{\"second\":1}", 400, "has a member 'second'");
      assertThat(running.getAdmin("/faultline/v1/profiles/prf_none").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aProfileWithoutTrafficSaysSo() throws Exception {
    try (var running = server()) {
      JsonNode profile = ended(running, started(running, "{\"model\":\"m\",\"seconds\":1}").path("id").asText());
      assertThat(profile.path("summary").path("headline").asText()).isEqualTo("no sample is of m (was there traffic?)");
      assertThat(MAPPER.readTree(running.getAdmin("/faultline/v1/profiles?state=DONE").body()).path("items")).hasSize(1);
      assertThat(running.getAdmin("/metrics").body()).contains("faultline_profiles_total{result=\"done\"} 1.0");
      try (Stream<Path> kept = Files.list(folder.resolve("data/profiles"))) {
        assertThat(kept).hasSize(1);
      }
    }
  }

  private RunningServer server(TestStep... steps) throws Exception {
    var running = new RunningServer(folder, Map.of(), engine -> engine.preprocess = List.of(steps));
    running.server.awaitReady();
    return running;
  }

  private static JsonNode taken(RunningServer running, String wish) throws Exception {
    String id = started(running, wish).path("id").asText();
    while (get(running, id).path("state").asText().equals("RUNNING")) {
      assertThat(running.infer(1).statusCode()).isEqualTo(200);
    }
    return ended(running, id);
  }

  private static JsonNode started(RunningServer running, String wish) throws Exception {
    HttpResponse<String> answer = post(running, wish);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode document = MAPPER.readTree(answer.body());
    assertThat(answer.headers().firstValue("location")).hasValue(document.path("links").path("self").asText());
    return document;
  }

  private static JsonNode ended(RunningServer running, String id) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (get(running, id).path("state").asText().equals("RUNNING")) {
      assertThat(System.nanoTime()).as("never ended").isLessThan(end);
      Thread.sleep(20);
    }
    JsonNode profile = get(running, id);
    assertThat(profile.path("state").asText()).as(profile.toString()).isEqualTo("DONE");
    return profile;
  }

  private static JsonNode get(RunningServer running, String id) throws Exception {
    return MAPPER.readTree(running.getAdmin("/faultline/v1/profiles/" + id).body());
  }

  private static HttpResponse<String> part(RunningServer running, JsonNode profile, String part) throws Exception {
    HttpResponse<String> answer = running.getAdmin(profile.path("links").path(part).asText());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static HttpResponse<String> post(RunningServer running, String body) throws Exception {
    return running.send(RunningServer.builder(running.admin("/faultline/v1/profiles")).POST(BodyPublishers.ofString(body)).build());
  }

  private static void assertRefused(RunningServer running, String body, int status, String words) throws Exception {
    HttpResponse<String> answer = post(running, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  private static void crunch() {
    double sum = 0;
    for (int i = 1; i < 3_000_000; i++) {
      sum += Math.sqrt(i) / i;
    }
    sink = sum;
  }

  private static void leak() {
    if (LEAKED.size() < LEAKED_MAX) {
      LEAKED.add(new byte[300_000]);
    }
  }

  private static void litter() {
    for (int i = 0; i < 10; i++) {
      sink = new byte[100_000];
    }
  }

  private static void doze() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
