package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.server.Site.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus itself makes of `/metrics`: once with the shipped configuration, which keeps exemplars, and once as a Prometheus that keeps
/// native histograms.
class ScrapedByPrometheusIT {
  private static final int FACTOR = 10;
  private static final int SCRAPES = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String JOB = "{job=\"faultline\"}";

  @TempDir private static Path folder;
  private static Site site;
  private static OutsideProgram prometheus;
  private static OutsideProgram natively;

  @BeforeAll
  static void watch() throws Exception {
    site = Site.fake(folder.resolve("site"), "m", Map.of(), new FakeEngine());
    assertThat(site.metrics()).contains("faultline_build_info");
    site.client(Duration.ofMillis(30), ScrapedByPrometheusIT::call);
    prometheus = OutsideProgram.prometheus(shipped("classic"), "--enable-feature=exemplar-storage", "--log.level=debug");
    natively = OutsideProgram.prometheus(shipped("native"), "--enable-feature=exemplar-storage,native-histograms", "--log.level=debug");
    await("it has been scraped often enough", () -> prometheus.value("count_over_time(up" + JOB + "[1m])") >= SCRAPES);
    await("natively too", () -> natively.value("count_over_time(up" + JOB + "[1m])") >= SCRAPES);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {natively, prometheus, site}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @Test
  void noScrapeFailsAndNothingIsWarnedOf() {
    for (OutsideProgram each : List.of(prometheus, natively)) {
      // there is no Alertmanager in this test, which the notifier says
      assertThat(each.log().lines().filter(line -> !line.contains("component=notifier")))
          .noneMatch(line -> line.contains("level=warn") || line.contains("level=error") || line.contains("Scrape failed"));
      assertThat(each.value("min_over_time(up" + JOB + "[5m])")).isEqualTo(1);
      JsonNode target = each.api("/api/v1/targets", Map.of("state", "active")).path("activeTargets").path(0);
      assertThat(target.path("health").asText()).isEqualTo("up");
      assertThat(target.path("lastError").asText()).isEmpty();
    }
  }

  @Test
  void promtoolHasNothingAgainstTheMetrics() throws Exception {
    Process promtool = new ProcessBuilder(OutsideProgram.find("promtool").toString(), "check", "metrics").redirectErrorStream(true).start();
    try (var in = promtool.getOutputStream()) {
      in.write(site.metrics().getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void exemplarsLeadToTheTraceAndTheFault() {
    JsonNode durations = exemplars(prometheus, "faultline_request_duration_seconds_bucket");
    assertThat(durations.findValuesAsText("trace_id")).contains(TRACE);
    assertThat(durations.findValuesAsText("span_id")).contains(SPAN);
    assertThat(durations.findValuesAsText("fault_id")).isNotEmpty().allMatch(id -> id.startsWith("flt_"));
    JsonNode faults = exemplars(prometheus, "faultline_faults_total");
    assertThat(faults.path(0).path("seriesLabels").path("code").asText()).isEqualTo("infer.failed");
    assertThat(faults.findValuesAsText("fault_id")).isNotEmpty();
  }

  @Test
  void nativeHistogramsAreKeptWithTheirExemplars() {
    double total = natively.value("sum(faultline_requests_total)");
    assertThat(natively.value("sum(histogram_count(faultline_request_duration_seconds))")).isBetween(1.0, total + 200);
    assertThat(natively.value("histogram_quantile(0.5, sum(rate(faultline_request_duration_seconds[1m])))")).isPositive();
    // this version of Prometheus takes one exemplar of a series and scrape
    assertThat(exemplars(natively, "faultline_request_duration_seconds").path(0).path("exemplars")).isNotEmpty();
  }

  @Test
  void theShippedRulesAreAllLoadedAndAllEvaluate() throws IOException {
    JsonNode groups = prometheus.api("/api/v1/rules", Map.of()).path("groups");
    Set<String> names = new HashSet<>();
    for (JsonNode rule : groups.findValues("rules").stream().flatMap(rules -> StreamSupport.stream(rules.spliterator(), false)).toList()) {
      names.add(rule.path("name").asText());
      assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok");
    }
    String shipped = Files.readString(Path.of("..", "deploy", "prometheus", "rules.yml"));
    List<String> expected = Pattern.compile("- (?:alert|record): (\\S+)").matcher(shipped).results().map(found -> found.group(1)).toList();
    assertThat(expected).hasSizeGreaterThan(15);
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Path shipped(String name) throws IOException {
    return new ShippedFiles(folder.resolve(name), FACTOR).prometheus(List.of(site.address()), "127.0.0.1:9");
  }

  /// Some with a trace, some that fail.
  private static Sent call(int i) {
    Sent sent = Sent.to("m", RunningServer.body(i % 5 == 0 ? 13 : i));
    return i % 2 == 0 ? sent : sent.with("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
  }

  private static JsonNode exemplars(OutsideProgram prometheus, String series) {
    Instant now = Instant.now();
    return prometheus.api("/api/v1/query_exemplars", Map.of("query", series, "start", now.minusSeconds(600).toString(), "end", now.plusSeconds(60).toString()));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("never happened: %s; Prometheus said:%n%s", what, prometheus.log()).isLessThan(end);
      Thread.sleep(50);
    }
  }
}
