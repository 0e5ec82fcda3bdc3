package dev.faultline.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.OutsideProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The files for Prometheus and Grafana keep to the metrics there are. Needs promtool, which `./check` sees to.
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Path HOW_TO = Path.of("..", "docs", "how-to");
  private static final Pattern METRIC = Pattern.compile("(?<![:a-z_])faultline_[a-z_]+");
  private static final Pattern ROW = Pattern.compile("^\\| `(faultline_[a-z_]+)` ", Pattern.MULTILINE);

  @Test
  void theAlertRulesPassTheirOwnTests() throws Exception {
    Process promtool = new ProcessBuilder(OutsideProgram.find("promtool").toString(), "test", "rules", "rules_test.yml")
        .directory(DEPLOY.resolve("prometheus").toFile())
        .redirectErrorStream(true)
        .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).contains("SUCCESS");
  }

  @Test
  void rulesAndDashboardAskOnlyForMetricsThereAre() throws IOException {
    Set<String> asked = metrics(Files.readString(DEPLOY.resolve("prometheus/rules.yml")));
    asked.addAll(metrics(expressions(dashboard())));
    Set<String> known = ROW.matcher(Files.readString(Path.of("../docs/METRICS.md"))).results().map(row -> row.group(1)).collect(Collectors.toSet());

    assertThat(asked).hasSizeGreaterThan(10).isSubsetOf(known);
  }

  @Test
  void everyPanelSaysWhatItShowsAndHasAnIdOfItsOwn() throws IOException {
    var ids = new HashSet<Integer>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).as("id of " + panel.path("title").asText()).isTrue();
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("description").asText()).as(panel.path("title").asText()).isNotBlank();
      }
    }
    assertThat(dashboard().path("uid").asText()).isEqualTo("faultline-overview");
  }

  @Test
  void thePageSaysOfEveryAlertWhatToDo() throws IOException {
    String page = Files.readString(HOW_TO.resolve("alerts-and-dashboards.md"));
    String table = page.substring(page.indexOf("## What an alert means"));
    List<String> told = Pattern.compile("^\\| `(Faultline\\w+)` ", Pattern.MULTILINE).matcher(table).results().map(row -> row.group(1)).toList();
    List<String> shipped = Pattern.compile("- alert: (\\w+)").matcher(Files.readString(DEPLOY.resolve("prometheus/rules.yml"))).results().map(rule -> rule.group(1)).toList();

    assertThat(told).isEqualTo(shipped);
    assertThat(Pattern.compile("\\]\\(([\\w./-]+)\\)").matcher(page).results().map(link -> HOW_TO.resolve(link.group(1)).normalize())).isNotEmpty().allMatch(Files::exists);
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(DEPLOY.resolve("grafana/dashboards/faultline.json").toFile());
  }

  private static String expressions(JsonNode dashboard) {
    return dashboard.findValuesAsText("expr").stream().collect(Collectors.joining("\n"));
  }

  /// Names without the parts that a histogram adds; names of recording rules and files are not metrics.
  private static Set<String> metrics(String text) {
    return METRIC.matcher(text.replaceAll("record: .*", ""))
        .results()
        .map(match -> match.group().replaceFirst("_(bucket|sum|count)$", ""))
        .collect(Collectors.toCollection(HashSet::new));
  }
}
