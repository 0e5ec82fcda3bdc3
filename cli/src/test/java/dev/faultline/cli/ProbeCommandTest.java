package dev.faultline.cli;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/// Models with one weakness each: the probe finds exactly that, and nothing once the contract has a rule against it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbeCommandTest {
  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  @BeforeAll
  void start() throws Exception {
    Path models = folder.resolve("models");
    write(models, "scale", scale(), "");
    write(models, "scale_sound", scale(), "inputs: {x: {range: [-1000, 1000], rows: [1, null]}}\n");
    write(models, "table", table(), "");
    write(models, "table_sound", table(), "inputs: {country_idx: {range: [0, 4]}}\n");
    write(models, "table_wide", table(), "inputs: {country_idx: {range: [0, 9]}}\n");
    write(models, "reshape", reshape(), "inputs: {x: {range: [-1, 1]}}\n");
    write(models, "reshape_sound", reshape(), "inputs: {x: {range: [-1, 1], rows: [1, null]}}\n");
    write(models, "effects", scale(), "side_effects: true\n");
    server = DemoServer.start(folder.resolve("data"), Map.of("models.dirs", models.toString()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aModelThatPassesOnWhatIsNoNumberAnswersNanAndInfinityBadly() throws Exception {
    Told told = told("probe", "scale");
    assertThat(told.status()).isEqualTo(1);
    assertThat(told.out())
        .contains(" badly: 5\n")
        .containsPattern(" ✗ NaN in x +200 in +[0-9]+ ms  y = \\[NaN, 2.0], check.nonfinite in inputs/x\\[0,0], node double    help: contract.yaml: inputs: \\{x: \\{finite: true}}");
    assertThat(titles("scale", "BADLY")).containsExactly("NaN in x", "Infinity in x", "-Infinity in x", "largest FP32 in x", "most negative FP32 in x");
    assertThat(titles("scale", "WEAKLY")).isEmpty();
  }

  @Test
  void anIndexThatOnlyTheEngineRefusesIsWeakAndTheMendNamesTheTablesRange() throws Exception {
    Told told = told("probe", "table");
    assertThat(told.status()).as(told.out()).isZero();
    assertThat(told.out()).contains("only the engine refused it: ", "help: contract.yaml: inputs: {country_idx: {range: [0, 4]}}");
    assertThat(titles("table", "WEAKLY")).containsExactly("largest INT64 in country_idx", "most negative INT64 in country_idx");
    assertThat(told("probe", "table", "--strict", "--only", "extreme").status()).isEqualTo(1);
  }

  @Test
  void aRangeThatIsWiderThanTheTableIsFoundAtItsBorder() throws Exception {
    assertThat(titles("table_wide", "BADLY")).containsExactly("9, the highest allowed, in country_idx");
  }

  @Test
  void aBatchOfNoRowsThatAReshapeCannotTakeIsFound() throws Exception {
    assertThat(told("probe", "reshape").out()).containsPattern(" ✗ a batch of 0 rows +500 in .* node head.* help: contract.yaml: inputs: \\{x: \\{rows: \\[1, null]}}");
    assertThat(titles("reshape", "BADLY")).containsExactly("a batch of 0 rows");
  }

  @Test
  void nothingIsFoundOnModelsWhoseContractsHaveTheRule() throws Exception {
    for (String model : List.of("scale_sound", "table_sound", "reshape_sound")) {
      Told told = told("probe", model, "--strict");
      assertThat(told.status()).as(told.out() + told.err()).isZero();
    }
  }

  @Test
  void probesAreMarkedAndWhatIsServedOfThemIsNotKept() throws Exception {
    assertThat(told("probe", "table_sound", "--only", "border").status()).isZero();
    JsonNode captures = new ObjectMapper().readTree(told("captures", "--model", "table_sound", "--json").out()).path("items");
    assertThat(captures).allMatch(capture -> capture.path("client").asText().equals("faultline-probe") && capture.path("request_id").asText().startsWith("probe-"));
    // V1 has no parameters to say it with
    assertThat(captures).noneMatch(capture -> capture.path("kind").asText().equals("BASELINE") && capture.path("protocol").asText().equals("v2-rest"));
  }

  @Test
  void aReportForCiHasOneCaseForEachProbeAndAFailureForEachBadOne() throws Exception {
    Path file = folder.resolve("probe.xml");
    assertThat(told("probe", "scale", "--junit", file.toString()).status()).isEqualTo(1);
    Element suite = (Element) DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("failures")).isEqualTo("5");
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(5);
    assertThat(suite.getElementsByTagName("testcase").getLength()).isEqualTo(Integer.parseInt(suite.getAttribute("tests")));
  }

  @Test
  void theProbesAsATestCompileAndNameEachProbe() throws Exception {
    Path file = folder.resolve("ScaleFailsWellTest.java");
    told("probe", "scale", "--test", file.toString());
    assertThat(Files.readString(file)).contains("probe(\"NaN in x\", Expected.EITHER, \"x\", \"POST\", \"/v2/models/scale/versions/1/infer\"");
    var problems = new ByteArrayOutputStream();
    int status = ToolProvider.getSystemJavaCompiler().run(null, null, problems, "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"), file.toString());
    assertThat(status).as(problems.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(told("probe", "scale", "--test", "no-class.java").status()).isEqualTo(2);
  }

  @Test
  void theFirstBadOneEndsTheRunWhereThatIsWanted() throws Exception {
    JsonNode report = new ObjectMapper().readTree(told("probe", "scale", "--fail-fast", "--json").out());
    assertThat(report.path("schema").asText()).isEqualTo("faultline/probe.v1");
    assertThat(report.path("counts").path("badly").asInt()).isEqualTo(1);
    assertThat(report.path("probes").path(report.path("probes").size() - 1).path("rating").asText()).isEqualTo("BADLY");
  }

  @Test
  void aModelWithSideEffectsIsProbedOnlyWhenAsked() {
    assertThat(told("probe", "effects").err()).startsWith("error: the model has side effects");
    assertThat(told("probe", "effects", "--yes", "--only", "missing").status()).isZero();
  }

  @Test
  void wrongCallsSayWhatIsRight() throws Exception {
    assertThat(told("probe", "nobody").status()).isEqualTo(5);
    assertThat(told("probe", "scale", "--version", "9").err()).contains("no version '9'", "ready are 1");
    assertThat(told("probe", "scale", "--only", "boarder").err()).contains("did you mean border?");
    assertThat(told("probe", "scale", "--timeout", "soon").status()).isEqualTo(2);
    assertThat(told("probe", "scale", "--header", "none").status()).isEqualTo(2);
    assertThat(told("probe", "scale", "--request", "nowhere.json").status()).isEqualTo(2);
  }

  @Test
  void aRequestThatIsNotAnsweredIsNoBase() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.json"), "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[5000,1]}]}");
    Told told = told("probe", "scale_sound", "--request", file.toString());
    assertThat(told.status()).isEqualTo(6);
    assertThat(told.err()).contains("inputs/x[0,0] is 5000 (expected: [-1000,1000])", "--request FILE");
  }

  private List<String> titles(String model, String rating) throws IOException {
    JsonNode report = new ObjectMapper().readTree(told("probe", model, "--json").out());
    return StreamSupport.stream(report.path("probes").spliterator(), false).filter(probe -> probe.path("rating").asText().equals(rating)).map(probe -> probe.path("title").asText()).toList();
  }

  /// Passes NaN and infinity on, and overflows.
  private static GraphBuilder scale() {
    return GraphBuilder.named("scale").input("x", FLOAT, "n", 2).initializer("two", new float[] {2}, 1).node("double", "Mul", List.of("x", "two"), List.of("y")).output("y", FLOAT, "n", 2);
  }

  /// A table of five rows, whose index is the input.
  private static GraphBuilder table() {
    return GraphBuilder.named("table")
        .input("country_idx", INT64, "n")
        .initializer("embedding", new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 5, 2)
        .node("embed", "Gather", List.of("embedding", "country_idx"), List.of("y"))
        .output("y", FLOAT, "n", 2);
  }

  /// Cannot say how many rows none are.
  private static GraphBuilder reshape() {
    return GraphBuilder.named("reshape").input("x", FLOAT, "n", 2, 2).initializer("shape", new long[] {0, -1}, 2).initializer("two", new float[] {2}, 1).node("double", "Mul", List.of("x", "two"), List.of("d")).node("head", "Reshape", List.of("d", "shape"), List.of("y")).output("y", FLOAT, "n", 4);
  }

  private static void write(Path models, String name, GraphBuilder graph, String contract) throws IOException {
    Path version = Files.createDirectories(models.resolve(name).resolve("1"));
    GraphWriter.write(graph.build(), version.resolve("model.onnx"));
    if (!contract.isEmpty()) {
      Files.writeString(version.resolve("contract.yaml"), contract);
    }
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", server.admin()));
    return Told.by(all.toArray(String[]::new));
  }
}
