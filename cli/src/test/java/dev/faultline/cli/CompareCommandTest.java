package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What `faultline compare` says of a server whose version 2 is suspicious of one kind of row.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareCommandTest {
  private static final int EACH = 20;

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path dataDir;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  @BeforeAll
  void start() throws Exception {
    server = DemoServer.start(dataDir, Map.of("isolation.background", "false", "capture.sample_per_second", "100000"));
    for (int i = 0; i < EACH; i++) {
      assertThat(server.post(DemoPlan.infer("3"), DemoPlan.v2(DemoServer.row(i % 2 == 0))).statusCode()).isEqualTo(200);
      assertThat(server.post(DemoPlan.infer("2"), DemoPlan.v2(DemoServer.row(false))).statusCode()).isEqualTo(200);
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void whatSeparatesIsRankedWithCountsIntervalAndExamplesAndIsExitZero() {
    Told told = told("compare", "failing");
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out())
        .startsWith("failing (20 requests) against passing (20 requests)\n  1  version = '2'   SUPPORTED\n     20 of 20 of the selected, 0 of 20 of the baseline\n     odds ratio ")
        .contains("(95 %: ", "adjusted p 0.00", "     such as flt_", "\n  more  faultline explain flt_");
  }

  @Test
  void nothingSeparatesTheseIsAnAnswerAndExitZero() {
    Told told = told("compare", "passing hour>=0", "passing");
    assertThat(told.status()).as("all are selected: nothing is left to compare with").isEqualTo(6);
    assertThat(told.out()).contains("of the baseline 0 requests can be compared, 20 more are selected themselves (expected: 10 at least");
    Told nothing = told("compare", "failing", "version=2 faulted");
    assertThat(nothing.status()).isEqualTo(6);
  }

  @Test
  void theDocumentIsGivenAsItIs() throws Exception {
    JsonNode comparison = new ObjectMapper().readTree(told("compare", "model=birdstrike-damage version=2", "version=3", "--json").out());
    assertThat(comparison.path("schema").asText()).isEqualTo("faultline/comparison.v1");
    assertThat(comparison.path("selected").path("requests").asInt()).isEqualTo(EACH);
    assertThat(comparison.path("answer").asText()).isEqualTo("SEPARATED");
  }

  @Test
  void whatCannotBeAskedForSaysHow() {
    assertThat(told("compare").err()).startsWith("error: nothing to compare\n").contains("faultline compare FL-3");
    assertThat(told("compare", "FL-99").status()).isEqualTo(5);
    assertThat(told("compare", "falling").err()).contains("did you mean 'failing'?");
    assertThat(told("compare", "falling").status()).isEqualTo(2);
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server");
    all.add(server.admin());
    return Told.by(all.toArray(String[]::new));
  }
}
