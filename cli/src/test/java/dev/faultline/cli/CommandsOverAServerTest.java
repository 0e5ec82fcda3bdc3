package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the commands say of a server that was sent one good row, one bad value, and one row without speed to version 2.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsOverAServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path dataDir;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  @BeforeAll
  void start() throws Exception {
    server = DemoServer.start(dataDir, Map.of());
    String good = DemoPlan.v2(DemoServer.row(true));
    assertThat(server.post(DemoPlan.infer("3"), good).statusCode()).isEqualTo(200);
    assertThat(server.post(DemoPlan.infer("3"), good.replaceFirst("(\"speed_knots\"[^}]*\"data\":\\[)[^]]*", "$19999")).statusCode()).isEqualTo(400);
    assertThat(server.post(DemoPlan.infer("2"), DemoPlan.v2(DemoServer.row(false))).statusCode()).isEqualTo(200);
    await(() -> told("faults", "--code", "check.nonfinite").out().contains("/speed/impute"), "the node to blame is found");
    await(() -> told("captures").out().lines().count() == 4, "all three requests are kept");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void faultsAreListedByGroup() {
    Told told = told("faults");
    assertThat(told.status()).isZero();
    List<String> lines = told.out().lines().map(line -> line.replaceAll("[0-9]+ s ago", "N s ago").replaceAll(" +", " ")).sorted().toList();
    assertThat(lines).containsExactly(
        "FL-1 open 1 validate.range CALLER birdstrike-damage 3 inputs/speed_knots[0,0] N s ago",
        "FL-2 open 1 check.nonfinite (suspicion) MODEL birdstrike-damage 2 inputs/speed_knots[0,0] /speed/impute N s ago",
        "GROUP STATE COUNT CODE BLAME MODEL VERSIONS FIELD NODE LAST SEEN");
    assertThat(told.err()).isEqualTo("faultline explain GROUP says why\n");
  }

  @Test
  void faultsAreListedOneByOneAndFiltered() {
    assertThat(told("faults", "--each", "--blame", "caller").out().lines()).hasSize(2);
    assertThat(told("faults", "--each", "--model", "nobody").out()).isEqualTo("no faults match\n");
  }

  @Test
  void explainSaysWhoWhereWhatWhichFieldAndHowToMendIt() {
    Told told = told("explain", "FL-2");
    assertThat(told.status()).isZero();
    assertThat(told.out())
        .startsWith("FL-2 · birdstrike-damage v2 · check.nonfinite (suspicion: served all the same) · once · versions 2 · first seen ")
        .contains("\n  WHO        MODEL: the release or its contract has to change\n")
        .contains("\n  WHERE      CHECK › node 2 /speed/impute (op Where)\n")
        .contains("\n  FIELD      inputs/speed_knots[0,0]   JSON pointer /inputs/0/data/0\n")
        .containsPattern("\n {2}RULED OUT {2}decode ✓ [0-9.]+ ms {2}route ✓ ")
        .contains("\n  SENT       HTTP 200 to request ")
        .contains("\n  MEND       1. ")
        .contains("faultline help check.nonfinite\n")
        .doesNotContain("\033[");
  }

  @Test
  void aGroupIsResolvedAndOpenedAgain() {
    Told resolved = told("resolve", "FL-2", "--in", "3");
    assertThat(resolved.out()).as(resolved.err()).startsWith("FL-2 is resolved in 3: ");
    assertThat(told("explain", "FL-2").out()).contains("\n  STATE      resolved in 3\n");
    assertThat(told("faults", "--state", "resolved").out()).contains("FL-2").doesNotContain("FL-1");
    assertThat(told("resolve", "FL-2", "--reopen", "--json").out()).contains("\"state\":\"OPEN\"");
    assertThat(told("resolve", "FL-2", "--reopen", "--in", "3").status()).isEqualTo(2);
    assertThat(told("resolve", "FL-99").status()).isEqualTo(5);
    assertThat(told("faults", "--state", "gone").status()).isEqualTo(2);
  }

  @Test
  void bisectionsAnswerOneQuestionEach() {
    Told ort = told("bisect", "FL-2", "--over", "ort");
    assertThat(ort.status()).as(ort.err()).isZero();
    assertThat(ort.out()).startsWith("not an effect of optimisation: ").contains("\n  ✗ NONE  ✗ BASIC  ✗ EXTENDED  ✗ ALL\n");
    Told versions = told("bisect", "FL-2");
    assertThat(versions.status()).as(versions.err()).isZero();
    assertThat(versions.out()).startsWith("version 2 is the first that fails; version 1 takes the request\n").contains("✓ 1  ✗ 2", "\n  since     version 2; last good 1; posterior ");
    assertThat(told("bisect", "FL-2", "--over", "node", "--json").out()).startsWith("{\"schema\":\"faultline/bisection.v1\"").contains("\"over\":\"node\"", "/speed/impute");
    Told input = told("bisect", "FL-1", "--over", "input");
    assertThat(input.out()).as(input.err()).contains("\n  inputs/speed_knots[0,0] = 9999");
    assertThat(told("bisect", "FL-1", "--over", "time").status()).isEqualTo(2);
  }

  @Test
  void explainAsJsonIsTheVerdict() {
    assertThat(told("explain", "FL-1", "--json").out())
        .startsWith("{\"schema\":\"faultline/verdict.v1\"")
        .contains("\"cause\":\"INPUT\"", "\"path\":\"inputs/speed_knots[0,0]\"");
  }

  @Test
  void aCaptureIsShownWithItsStagesTensorsAndPayload() {
    String id = told("captures", "--kind", "suspicion").out().lines().skip(1).findFirst().map(line -> line.substring(0, line.indexOf(' '))).orElseThrow();
    assertThat(told("captures", "show", id).out())
        .contains("  call      POST /v2/models/birdstrike-damage/versions/2/infer from tests\n")
        .containsPattern(" {2}stage {5}INFER +[0-9.]+ ms {2}COMPLETED\n")
        .contains("  input     speed_knots          FP32   [1,1]       1 NaN\n")
        .contains("{\"inputs\":[{\"name\":\"speed_knots\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[null]}");
  }

  @Test
  void modelsAreShownWithTheirStateAndRules() {
    assertThat(told("models").out().lines().map(line -> line.replaceAll(" +", " "))).hasSize(4).anyMatch(line -> line.startsWith("birdstrike-damage 2 READY"));
    assertThat(told("models", "show", "birdstrike-damage").out()).contains("  input     flight_month         INT64  [-1,1]\n", "  contract  graph + contract.yaml\n");
  }

  @Test
  void labelsMoveAndAreAuditedAndDestructiveVerbsWantConsent() {
    assertThat(told("models", "label", "birdstrike-damage", "trial", "2").out()).contains("birdstrike-damage: version 3 answers unpinned requests", "trial        2");
    assertThat(told("models", "audit", "birdstrike-damage").out()).contains("label trial of birdstrike-damage stands for version 2");
    Told asked = told("models", "promote", "birdstrike-damage", "1");
    assertThat(asked.status()).isEqualTo(2);
    assertThat(asked.err()).contains("nobody can be asked whether to promote version 1 of birdstrike-damage", "--yes agrees beforehand");
    assertThat(told("models", "promote", "birdstrike-damage", "1", "--dry-run").out()).isEqualTo("would promote version 1 of birdstrike-damage\n");
    assertThat(told("models", "unload", "birdstrike-damage", "--version", "2", "--dry-run").status()).isZero();
    Told unknown = told("models", "default", "birdstrike-damage", "trail");
    assertThat(unknown.status()).isEqualTo(5);
    assertThat(unknown.err()).contains("did you mean 'trial'?");
    assertThat(told("models", "label", "birdstrike-damage", "trial").status()).isEqualTo(2);
  }

  @Test
  void aRolloutIsBegunLookedAtAndAborted() {
    Told begun = told("rollout", "start", "birdstrike-damage", "--candidate", "3", "--baseline", "1", "--steps", "5,50,100", "--key", "X-User-Id");
    assertThat(begun.status()).as(begun.err()).isZero();
    assertThat(begun.out()).contains("birdstrike-damage 3 beside 1  CANARY at 5.0 %");
    assertThat(told("rollout", "status", "birdstrike-damage").status()).as("inconclusive").isEqualTo(6);
    assertThat(told("rollout", "weight", "birdstrike-damage", "25", "--yes").out()).contains("CANARY at 25.0 %");
    assertThat(told("rollout", "report", "birdstrike-damage").out()).contains("nothing separates");
    assertThat(told("rollout", "abort", "birdstrike-damage").status()).as("nobody to ask").isEqualTo(2);
    assertThat(told("rollout", "promote", "birdstrike-damage", "--dry-run").out()).isEqualTo("would promote the rollout of birdstrike-damage\n");
    assertThat(told("rollout", "abort", "birdstrike-damage", "--yes").out()).contains("ABORTED at 0.0 %");
    assertThat(told("rollout", "abort", "birdstrike-damage", "--yes").status()).as("over already").isEqualTo(1);
    assertThat(told("rollout", "status", "nobody").status()).isEqualTo(5);
    assertThat(told("rollout", "start", "birdstrike-damage").status()).isEqualTo(2);
    assertThat(told("models", "default", "birdstrike-damage", "3").status()).isZero();
  }

  @Test
  void whatDoesNotExistIsExitFive() {
    assertThat(told("explain", "FL-99").status()).isEqualTo(5);
    assertThat(told("captures", "show", "cap_none").status()).isEqualTo(5);
    Told model = told("models", "show", "nobody");
    assertThat(model.status()).isEqualTo(5);
    assertThat(model.err()).startsWith("error: there is no model 'nobody'");
  }

  @Test
  void theServerOfADataFolderIsFoundByItself() {
    assertThat(Told.by("faults", "--data", dataDir.toString()).out()).contains("FL-1");
  }

  @Test
  void nobodyAtTheAddressIsExitThree() {
    Told told = Told.by("faults", "--server", "127.0.0.1:1");
    assertThat(told.status()).isEqualTo(3);
    assertThat(told.err()).startsWith("error: no server answers at http://127.0.0.1:1\n").contains("help: start one: faultline serve DIR");
  }

  @Test
  void anAddressThatIsNoneIsExitTwo() {
    assertThat(Told.by("faults", "--server", "http://").status()).isEqualTo(2);
  }

  @Test
  void aMissingTokenIsExitFourAndTheRightOneLetsIn(@TempDir Path other) throws Exception {
    try (DemoServer guarded = DemoServer.start(other, Map.of("admin.token", "open sesame"))) {
      Told told = Told.by("faults", "--server", guarded.admin());
      assertThat(told.status()).isEqualTo(4);
      assertThat(told.err()).contains("help: give its token: --token, or FAULTLINE_ADMIN_TOKEN");
      assertThat(Told.by("faults", "--server", guarded.admin(), "--token", "open sesame").status()).isZero();
    }
  }

  @Test
  void whatAStoppedServerKeptCanStillBeAsked(@TempDir Path other) throws Exception {
    try (DemoServer stopped = DemoServer.start(other, Map.of())) {
      assertThat(stopped.post(DemoPlan.infer("9"), DemoPlan.v2(DemoServer.row(true))).statusCode()).isEqualTo(404);
    }
    Told told = Told.by("explain", "FL-1", "--data", other.toString());
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out()).contains("route.version_not_found", "has no version '9'");
    assertThat(Told.by("models", "--data", other.toString()).status()).isEqualTo(3);
  }

  @Test
  void aFolderWithoutAnythingKeptIsExitThree(@TempDir Path empty) {
    assertThat(Told.by("faults", "--data", empty.toString()).err()).startsWith("error: no server runs, and nothing was kept here\n  --> " + empty);
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server");
    all.add(server.admin());
    return Told.by(all.toArray(String[]::new));
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition, String what) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(20);
    }
  }
}
