package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.Site.Sent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each query of the Grafana dashboard, asked of a real Prometheus that scraped the demo's models under the demo's kind of traffic: rows of
/// the data set to all versions, some without speed (which version 2 cannot take), some beyond the contract, some in a hurry, some not JSON.
class DashboardIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "dashboards", "faultline.json");
  private static final Path ROWS = Path.of("..", "examples", "birdstrikes", "src", "test", "resources", "golden.json");
  private static final Pattern VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
  private static final String MODEL = "birdstrike-damage";

  @TempDir private static Path folder;
  private static Site site;
  private static OutsideProgram prometheus;

  /// One query of a panel.
  record Asked(String panel, String expression) {
    @Override
    public String toString() {
      return panel + ": " + expression;
    }
  }

  @BeforeAll
  static void scrape() throws Exception {
    site = Site.real(folder, Map.of("models.dirs", Path.of("..", "examples", "models").toAbsolutePath().normalize().toString()));
    JsonNode rows = OutsideProgram.MAPPER.readTree(ROWS.toFile());
    site.client(Duration.ofMillis(50), i -> call(rows, i));
    prometheus = OutsideProgram.prometheus(new ShippedFiles(folder.resolve("watch"), 15).prometheus(List.of(site.address()), "127.0.0.1:9"), "--enable-feature=exemplar-storage");
    assertThat(site.admin("POST", "/rollouts", "{\"model\":\"" + MODEL + "\",\"candidate\":\"3\",\"baseline\":\"1\",\"steps\":[50]}").statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {prometheus, site}) {
      if (each != null) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aPanelsQueryHasSeries(Asked asked) throws Exception {
    String expression = filled(asked.expression());
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode series = seen(expression);
    while (series.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(100);
      series = seen(expression);
    }
    assertThat(series).as("series of %s", expression).isNotEmpty();
  }

  @Test
  void theVariablesHaveTheirValues() throws Exception {
    for (JsonNode variable : dashboard().path("templating").path("list")) {
      if (variable.path("type").asText().equals("query")) {
        String query = variable.path("query").path("query").asText();
        var parts = VALUES.matcher(query);
        assertThat(parts.matches()).as(query).isTrue();
        assertThat(prometheus.api("/api/v1/label/" + parts.group(2) + "/values", Map.of("match[]", filled(parts.group(1)))).toString()).as(query).contains(parts.group(2).equals("model") ? MODEL : "1");
      }
    }
  }

  static Stream<Asked> queries() throws IOException {
    var asked = new ArrayList<Asked>();
    for (JsonNode panel : dashboard().path("panels")) {
      panel.path("targets").forEach(target -> asked.add(new Asked(panel.path("title").asText(), target.path("expr").asText())));
    }
    dashboard().path("annotations").path("list").forEach(each -> asked.add(new Asked("annotation " + each.path("name").asText(), each.path("expr").asText())));
    assertThat(asked).hasSizeGreaterThan(15);
    return asked.stream();
  }

  /// The series of the last minutes, as a panel asks for them.
  private static JsonNode seen(String expression) {
    Instant now = Instant.now();
    return prometheus.api("/api/v1/query_range", Map.of("query", expression, "start", now.minusSeconds(300).toString(), "end", now.toString(), "step", "1")).path("result");
  }

  private static JsonNode dashboard() throws IOException {
    return OutsideProgram.MAPPER.readTree(DASHBOARD.toFile());
  }

  /// As Grafana fills them in where everything is chosen.
  private static String filled(String expression) {
    String filled = expression.replace("$__rate_interval", "15s").replace("$__interval", "5s").replace("$model", ".*").replace("$version", ".*");
    assertThat(filled).as("a variable that this test does not know").doesNotContain("$");
    return filled;
  }

  private static Sent call(JsonNode rows, int i) {
    JsonNode row = rows.path(i % rows.size());
    if (i % 20 == 7) {
      return new Sent("/v1/models/" + MODEL + ":predict", "not JSON", Map.of());
    }
    ObjectNode values = (ObjectNode) row.path("values").deepCopy();
    if (i % 10 == 3) {
      values.put("speed_knots", 9_000);
    }
    Sent sent = new Sent("/v1/models/" + MODEL + ":predict", "{\"instances\":[" + values + "]}", Map.of());
    if (i % 10 == 5) {
      // more rows than a millisecond is enough for
      String many = String.join(",", Collections.nCopies(500, values.toString()));
      return new Sent(sent.path(), "{\"instances\":[" + many + "]}", Map.of("X-Request-Timeout-Ms", "1"));
    }
    return (i % 3 == 0 ? sent : sent.with("Faultline-Version", Integer.toString(1 + i % 3))).with("X-Request-Timeout-Ms", "5000");
  }
}
