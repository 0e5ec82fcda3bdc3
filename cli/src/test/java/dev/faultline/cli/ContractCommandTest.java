package dev.faultline.cli;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static dev.faultline.graph.ElementType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
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

/// What `faultline contract` says of a model whose table has 40 rows in version 1 and 30 in version 2, after good requests and three that failed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractCommandTest {
  private static final int GOOD = 200;
  private static final String CONTRACT =
      """
      # who wrote this
      inputs:
        x:
          finite: true   # never NaN
      redact: [secret]
      """;

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  @BeforeAll
  void start() throws Exception {
    Path models = folder.resolve("models");
    write(models.resolve("risk/1"), table(40), CONTRACT);
    write(models.resolve("risk/2"), table(30), CONTRACT.replace("inputs:\n", "inputs:\n  country_idx: {range: [0, 29]}\n"));
    write(models.resolve("other/1"), table(40), "");
    server = DemoServer.start(folder.resolve("data"), Map.of("models.dirs", models.toString(), "isolation.background", "false", "isolation.cpu_share", "1"));
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < GOOD; i++) {
        assertThat(infer(http, "risk/versions/1", i % 40, 10 + i % 90, i % 3 == 0 ? "gull" : "owl")).isEqualTo(200);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(infer(http, "risk/versions/1", 99, 20, "owl")).isEqualTo(400);
      }
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void goodRequestsTeachRulesThatTheServerReadsAsTheyAre() throws Exception {
    Told told = told("contract", "infer", "risk", "--version", "1", "--risk", "0.02");
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out())
        .startsWith("# learnt: rules with counts behind them: learnt from 200 good requests of risk version 1, ")
        .contains("# who wrote this\n", "    finite: true   # never NaN\n")
        .contains("  country_idx:\n    range: [0, 39]  # 200 of 200 values, 0 to 39; 200 requests, at most 1.5 % of good ones refused\n")
        .contains("  species:\n    values: [gull, owl]  # 200 of 200 values, 2 different; 200 requests, at most 1.5 % of good ones refused\n")
        .contains("    range: [10, 108]  # 400 of 400 values, 10 to 99;")
        .contains("# learnt: secret: hidden by redaction: nothing is learnt\n");
    assertThat(told.err())
        .contains("read 200 good requests", "      rule  range: [0, 39]   200 of 200 values, 0 to 39; 200 requests, at most 1.5 % of good ones refused; of the newest 40 it refused 0")
        .contains("  x                    FP32  ", "its last axis has 2 values of a row", "4 fields, 3 rules, 0 questions.")
        .contains("  good     200, would refuse 0", "  failed   3, would catch 3", "✓ country_idx: 0 to 39   refuses 0 good, catches 3 failed", "infer.node_failed   3 of 3 caught");
    Path learnt = Files.writeString(folder.resolve("learnt.yaml"), told.out());
    assertThat(told("contract", "check", "risk", learnt.toString(), "--version", "1").status()).isZero();
    assertThat(told("contract", "diff", "risk", "1", learnt.toString()).out()).contains("  STRICTER  country_idx  range  nothing → 0 to 39", "3 kept requests newly refused: 0 that were good, 3 that failed, 0 that were refused");
  }

  @Test
  void whatIsLearntIsWrittenWhereItIsAskedFor() throws Exception {
    Path file = folder.resolve("out.yaml");
    Told told = told("contract", "infer", "risk", "--version", "1", "--risk", "0.02", "--out", file.toString(), "--json");
    assertThat(told.status()).as(told.err()).isZero();
    JsonNode look = new ObjectMapper().readTree(told.out());
    assertThat(look.path("schema").asText()).isEqualTo("faultline/contract.v1");
    assertThat(Files.readString(file)).isEqualTo(look.path("result").path("contract").asText());
  }

  @Test
  void tooFewRequestsTeachNothingAndTheAnswerIsInconclusive() {
    Told told = told("contract", "infer", "other");
    assertThat(told.status()).isEqualTo(6);
    assertThat(told.err()).contains("read 0 good requests", "no good request of it is kept");
    Told strict = told("contract", "infer", "risk", "--version", "1");
    assertThat(strict.status()).isEqualTo(6);
    assertThat(strict.err()).contains("no values: 200 requests are too few (up to 1.5 % of good requests refused, more than 1.0 %)");
  }

  @Test
  void requestsOfAFileAreTakenForGood() throws Exception {
    var lines = new StringBuilder();
    for (int i = 0; i < 160; i++) {
      lines.append(body(i % 40, i, "owl")).append('\n');
    }
    Path file = Files.writeString(folder.resolve("good.jsonl"), lines);
    Told told = told("contract", "infer", "other", "--from", file.toString(), "--risk", "0.02");
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out()).startsWith("# learnt: ").contains("inputs:\n  country_idx:\n    range: [0, 39]  # 160 of 160 values");
    assertThat(told.err()).contains("always 'owl': what else is good cannot be told");
    assertThat(told("contract", "infer", "other", "--from", "nowhere.jsonl").status()).isEqualTo(2);
    Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\"inputs\":[]}\n{");
    assertThat(told("contract", "infer", "other", "--from", broken.toString()).err()).contains("is not JSON", "line 2");
  }

  @Test
  void aContractThatRefusesGoodRequestsIsExitOneAndSaysWhich() throws Exception {
    Path file = Files.writeString(folder.resolve("narrow.yaml"), "inputs:\n  country_idx: {range: [0, 38]}\n  species: {values: [gull, owl]}\n");
    Told told = told("contract", "check", "risk", file.toString(), "--version", "1");
    assertThat(told.status()).as(told.err()).isEqualTo(1);
    assertThat(told.out())
        .startsWith("risk v1: ")
        .contains("  good     200, would refuse 5 (2.5 %)\n", "  failed   3, would catch 3\n", "  ✗ country_idx: 0 to 38   refuses 5 good, catches 3 failed\n      cap_")
        .containsPattern("      cap_\\S+  inputs/country_idx\\[0] is 39 \\(expected: \\[0,38]\\)\n")
        .contains("  · 1 rules refuse none of them\n", "requests are kept without hidden values: rules about those were not asked");
  }

  @Test
  void aFileThatIsNoContractSaysWhatIsWrongWithIt() throws Exception {
    Path file = Files.writeString(folder.resolve("wrong.yaml"), "inputs:\n  contry_idx: {range: [0, 1]}\n  x: {pattern: a}\n");
    Told told = told("contract", "check", "risk", file.toString());
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.err()).contains("the contract has 2 problems", "contract.yaml: inputs.contry_idx: names no input of the graph (did you mean 'country_idx'?)", "inputs.x.pattern: is about x, which is FP32");
    assertThat(told("contract", "check", "risk", "nowhere.yaml").status()).isEqualTo(2);
  }

  @Test
  void versionsDifferRuleByRuleAndInWhatTheyRefuse() {
    Told told = told("contract", "diff", "risk", "v1", "v2");
    assertThat(told.status()).as(told.err()).isEqualTo(1);
    assertThat(told.out())
        .startsWith("risk: version 1 against version 2, 1 difference\n  STRICTER  country_idx  range  nothing → 0 to 29\n")
        .contains("  53 kept requests newly refused: 50 that were good, 3 that failed, 0 that were refused\n")
        .containsPattern("    cap_\\S+  good     inputs/country_idx\\[0] is 39 \\(expected: \\[0,29]\\)\n");
    Told back = told("contract", "diff", "risk", "2", "1");
    assertThat(back.status()).isZero();
    assertThat(back.out()).contains("  looser    country_idx  range  0 to 29 → nothing\n", "  53 kept requests newly accepted: ");
    assertThat(told("contract", "diff", "risk", "1", "1").out()).isEqualTo("risk: version 1 against version 1, no difference\n  they decide all 203 kept requests alike\n");
  }

  @Test
  void aRuleIsAddedToTheFileWhenItRefusesNothingGood(@TempDir Path own) throws Exception {
    Path contract = own.resolve("models/risk/1/contract.yaml");
    write(own.resolve("models/risk/1"), table(40), CONTRACT);
    try (DemoServer fresh = DemoServer.start(own.resolve("data"), Map.of("models.dirs", own.resolve("models").toString(), "isolation.cpu_share", "1")); HttpClient http = HttpClient.newHttpClient()) {
      assertThat(infer(fresh, http, "risk", 7, 1, "owl")).isEqualTo(200);
      assertThat(infer(fresh, http, "risk", 99, 1, "owl")).isEqualTo(400);
      Told dry = Told.by("contract", "add", "risk", "country_idx", "in", "0..39", "--dry-run", "--server", fresh.admin());
      assertThat(dry.status()).as(dry.err()).isZero();
      assertThat(dry.out()).contains("  +   country_idx:\n  +     range: [0, 39]\n", "  stricter: country_idx 0 to 39\n", "  good     1, would refuse 0\n", "  failed   1, would catch 1\n");
      assertThat(Files.readString(contract)).isEqualTo(CONTRACT);

      Told refused = Told.by("contract", "add", "risk", "country_idx <= 6", "--server", fresh.admin());
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.err()).contains("not written: it would refuse good requests; --force writes it all the same");
      assertThat(Files.readString(contract)).isEqualTo(CONTRACT);

      Told added = Told.by("contract", "add", "risk", "country_idx in 0..39", "--load", "--server", fresh.admin());
      assertThat(added.status()).as(added.err()).isZero();
      assertThat(added.err()).contains("wrote " + contract, "loaded risk v1: the rule is in force");
      assertThat(Files.readString(contract)).isEqualTo(CONTRACT.replace("# never NaN\n", "# never NaN\n  country_idx:\n    range: [0, 39]\n"));
      assertThat(infer(fresh, http, "risk", 99, 1, "owl")).isEqualTo(400);
      assertThat(Told.by("faults", "--json", "--server", fresh.admin()).out()).contains("validate.range");

      Told lower = Told.by("contract", "add", "risk", "country_idx > 0", "--server", fresh.admin());
      assertThat(lower.status()).as(lower.err()).isZero();
      assertThat(Files.readString(contract)).contains("range: [1, 39]\n");
      assertThat(lower.err()).contains("it is in force when the version is loaded again: faultline models load risk 1");
    }
  }

  @Test
  void rulesAreUnderstoodInEveryForm() {
    assertThat(List.of("species in [gull, owl]", "species length 1..80", "species matches [a-z]+", "x finite", "country_idx rows 1..64", "inputs/country_idx[3] in ..39", "contract.yaml: inputs: {country_idx: {range: [0, 248]}}   (refuse it before the model)"))
        .allSatisfy(rule -> assertThat(told("contract", "add", "risk", rule, "--version", "1", "--dry-run").status()).as(rule).isZero());
    Told unknown = told("contract", "add", "risk", "contry_idx in 0..39", "--dry-run");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no field 'contry_idx'", "did you mean 'country_idx'?");
    assertThat(told("contract", "add", "risk", "be good").err()).contains("'be good' is no rule (expected: one of 'age in 0..120'");
    assertThat(told("contract", "add", "risk", "x < 3").err()).contains("leaves its end out");
    assertThat(told("contract", "add", "risk", "x in 0..abc").status()).isEqualTo(2);
  }

  @Test
  void wrongCallsSayWhatIsRight() throws Exception {
    assertThat(told("contract").status()).isEqualTo(2);
    assertThat(told("contract", "infer").err()).contains("faultline contract does not take 'infer'");
    assertThat(told("contract", "check", "nobody").status()).isEqualTo(5);
    assertThat(told("contract", "check", "risk", "--version", "9").err()).contains("has no version '9' (expected: one of 1, 2)");
    assertThat(told("contract", "diff", "risk", "1").err()).contains("'1' is no file");
    assertThat(told("contract", "add", "risk", "--from", "FL-99").status()).isEqualTo(5);
    assertThat(Told.by("contract", "infer", "risk", "--server", "http://127.0.0.1:9").status()).isEqualTo(3);
  }

  private static GraphBuilder table(int rows) {
    return GraphBuilder.named("table")
        .input("country_idx", INT64, "n")
        .input("x", FLOAT, "n", 2)
        .input("species", STRING, "n")
        .input("secret", FLOAT, "n")
        .initializer("embedding", new float[rows * 2], rows, 2)
        .node("embed", "Gather", List.of("embedding", "country_idx"), List.of("e"))
        .node("add", "Add", List.of("e", "x"), List.of("y"))
        .node("same", "Identity", List.of("species"), List.of("bird"))
        .node("shown", "Identity", List.of("secret"), List.of("told"))
        .output("y", FLOAT, "n", 2)
        .output("bird", STRING, "n")
        .output("told", FLOAT, "n");
  }

  private static void write(Path version, GraphBuilder graph, String contract) throws IOException {
    Files.createDirectories(version);
    GraphWriter.write(graph.build(), version.resolve("model.onnx"));
    if (!contract.isEmpty()) {
      Files.writeString(version.resolve("contract.yaml"), contract);
    }
  }

  private static String body(int index, int x, String species) {
    return """
        {"parameters":{"faultline_capture":"full"},"inputs":[{"name":"country_idx","shape":[1],"datatype":"INT64","data":[%d]},\
        {"name":"x","shape":[1,2],"datatype":"FP32","data":[%d,%d]},{"name":"species","shape":[1],"datatype":"BYTES","data":["%s"]},\
        {"name":"secret","shape":[1],"datatype":"FP32","data":[%d]}]}""".formatted(index, x, x, species, index);
  }

  private int infer(HttpClient http, String model, int index, int x, String species) throws Exception {
    return infer(server, http, model, index, x, species);
  }

  private static int infer(DemoServer server, HttpClient http, String model, int index, int x, String species) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.faultline().ports().http() + "/v2/models/" + model + "/infer");
    HttpRequest request = HttpRequest.newBuilder(uri).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body(index, x, species))).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", server.admin()));
    return Told.by(all.toArray(String[]::new));
  }
}
