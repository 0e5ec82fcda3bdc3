package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What `faultline replay` says of a server that served version 3, and was suspicious of version 2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayCommandTest {
  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path dataDir;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private String group;

  @BeforeAll
  void start() throws Exception {
    server = DemoServer.start(dataDir, Map.of("isolation.background", "false", "isolation.cpu_share", "1"));
    assertThat(server.post(DemoPlan.infer("3"), DemoPlan.v2(DemoServer.row(true))).statusCode()).isEqualTo(200);
    assertThat(server.post(DemoPlan.infer("2"), DemoPlan.v2(DemoServer.row(false))).statusCode()).isEqualTo(200);
    group = json("faults").path("items").get(0).path("id").asText();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void whatIsReproducedIsExitOneAndNamed() {
    Told told = told("replay", group);
    assertThat(told.status()).as(told.err()).isEqualTo(1);
    assertThat(told.out())
        .startsWith("1 request of " + group + " run again on the version that each met, ")
        .contains("\n  reproduced 1   not reproduced 0\n  reproduced: flt_", "check.nonfinite: ");
  }

  @Test
  void whatAnotherVersionFixesIsExitZero() {
    Told told = told("replay", "--group", group, "--to", "v3");
    assertThat(told.status()).as(told.out() + told.err()).isZero();
    assertThat(told.out()).contains("run again on version 3, ", "\n  fixed 1   still failing 0   newly failing 0\n");
  }

  @Test
  void allThatIsKeptSaysWhatACandidateBreaks() throws Exception {
    Told told = told("replay", "--group", "all", "--to", "2", "--json");
    assertThat(told.status()).isEqualTo(1);
    JsonNode replay = new ObjectMapper().readTree(told.out());
    assertThat(replay.path("schema").asText()).isEqualTo("faultline/replay.v1");
    assertThat(replay.path("totals").path("reproduced").asInt()).as(told.out()).isEqualTo(1);
    assertThat(replay.path("totals").path("changed").asInt()).isEqualTo(1);
    assertThat(told("replay", "--group", "all", "--to", "2").out()).contains("  changed: cap_", "output ", "differs in 1 of 1, by ");
  }

  @Test
  void aFileIsSentToTheDataPort(@TempDir Path files) throws Exception {
    String file = Files.writeString(files.resolve("request.json"), DemoPlan.v2(DemoServer.row(false))).toString();
    String half = Files.writeString(files.resolve("half.json"), "{").toString();
    try (DemoServer fresh = DemoServer.start(files.resolve("data"), Map.of())) {
      Told good = Told.by("replay", file, "--to", "3", "--server", fresh.admin());
      assertThat(good.status()).as(good.err()).isZero();
      assertThat(good.out()).startsWith("200 served\n{");
      Told suspicious = Told.by("replay", file, "--to", "2", "--server", fresh.admin());
      assertThat(suspicious.status()).isEqualTo(1);
      assertThat(suspicious.out()).startsWith("200 served, but suspicious\n").contains("200 check.nonfinite: ");
      Told broken = Told.by("replay", half, "--json", "--server", fresh.admin());
      assertThat(broken.status()).isEqualTo(1);
      assertThat(broken.out()).contains("\"schema\":\"faultline/answer.v1\",\"http\":400", "decode.json");
    }
  }

  @Test
  void nothingKeptIsExitSix(@TempDir Path other) throws Exception {
    try (DemoServer fresh = DemoServer.start(other, Map.of())) {
      Told told = Told.by("replay", "--group", "all", "--server", fresh.admin());
      assertThat(told.status()).isEqualTo(6);
      assertThat(told.out()).isEqualTo("nothing to replay: of all models no request is stored\n");
    }
  }

  @Test
  void whatCannotBeAskedForSaysHow() {
    assertThat(told("replay").err()).startsWith("error: nothing to replay\n").contains("--group all");
    assertThat(told("replay", "FL-1", "--group", "all").status()).isEqualTo(2);
    assertThat(told("replay", "nowhere.json").err()).contains("'nowhere.json' is no id and no file");
    assertThat(told("replay", "FL-99").status()).isEqualTo(5);
    assertThat(told("replay", group, "--to", "9").err()).contains("has no version '9' (expected: one of 1, 2, 3)");
  }

  private JsonNode json(String... arguments) throws Exception {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    return new ObjectMapper().readTree(told(all.toArray(String[]::new)).out());
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server");
    all.add(server.admin());
    return Told.by(all.toArray(String[]::new));
  }
}
