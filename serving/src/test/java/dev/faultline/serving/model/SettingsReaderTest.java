package dev.faultline.serving.model;

import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Limits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepReader;
import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
  private static final TensorSpec SPEED = TensorSpec.of("speed", DataType.FP32, List.of(new Dimension.Symbolic("N"), new Dimension.Fixed(1)));
  private static final TensorSpec SPECIES = TensorSpec.of("species", DataType.BYTES, List.of(new Dimension.Symbolic("N")));
  private static final TensorSpec PROBABILITIES =
      TensorSpec.of("probabilities", DataType.FP32, List.of(new Dimension.Symbolic("N"), new Dimension.Fixed(2)));
  private static final Limits LIMITS = new Limits(2, 256, 5_000, 30_000);

  @TempDir Path model;
  private Path version;

  @BeforeEach
  void folders() throws IOException {
    version = Files.createDirectory(model.resolve("1"));
  }

  @Test
  void withoutAnyFileTheGraphIsTheContractAndFloatingOutputsAreObserved() throws Exception {
    VersionSettings settings = read();
    assertThat(settings.contract())
        .isEqualTo(
            new Contract(
                List.of(SPEED, SPECIES),
                List.of(PROBABILITIES),
                List.of(),
                List.of(new Expectation.Finite(FieldRef.of("probabilities"), Mode.OBSERVE)),
                List.of("graph")));
    assertThat(settings.limits()).isEqualTo(LIMITS);
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void everyKeyOfTheDocumentedExampleIsRead() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "contract.md"));
    int start = page.indexOf("```yaml\n# contract.yaml") + "```yaml\n".length();
    contract(page.substring(start, page.indexOf("```", start)));
    VersionSettings settings = read();
    assertThat(settings.contract().inputs()).extracting(TensorSpec::name).containsExactly("speed", "species");
    assertThat(settings.contract().outputs()).extracting(TensorSpec::name).containsExactly("probabilities", "damage");
    assertThat(settings.preprocess()).extracting(Step::name).containsExactly("impute_speed", "clip_speed");
    assertThat(settings.postprocess()).extracting(Step::kind).containsExactly("argmax", "label", "drop");
    assertThat(settings.contract().rules())
        .contains(new Rule.Nullable(FieldRef.of("speed")), new Rule.Range(FieldRef.of("speed"), 0, 400), new Rule.Length(FieldRef.of("species"), 1, 80))
        .doesNotContain(new Rule.Finite(FieldRef.of("speed")));
    assertThat(settings.contract().expectations())
        .contains(
            new Expectation.Finite(FieldRef.of("probabilities"), Mode.ENFORCE),
            new Expectation.Sum(FieldRef.of("probabilities"), 1, 0.001, Mode.ENFORCE),
            new Expectation.Range(new FieldRef("probabilities", "yes"), 0, 0.99, Mode.OBSERVE),
            new Expectation.AllowedValues(FieldRef.of("damage"), Set.of("no", "yes"), Mode.ENFORCE));
    assertThat(settings.limits()).isEqualTo(new Limits(2, 64, 2_000, 250).with(new Batching(32, 2_000, List.of(8, 16))));
    assertThat(settings.redact()).containsExactly("species");
    assertThat(settings.warmUps()).singleElement().isInstanceOfSatisfying(WarmUp.Golden.class, golden -> {
      assertThat(golden.name()).isEqualTo("'a slow gull' in 1/contract.yaml: warmup[0]");
      assertThat(golden.inputs()).extracting(Object::toString).containsExactly("speed FP32[1,1]", "species BYTES[1]");
      assertThat(golden.expected()).extracting(WarmUp.Expected::relative).containsExactly(0.0, 0.0);
    });
  }

  @Test
  void allProblemsAreReportedAtOnceWithPathAndGuess() throws Exception {
    contract(
        """
        inptus: {}
        inputs:
          sped: {nullable: true}
          speed: {range: [10, 0], pattern: a, columns: [a, b], fields: {hight: {}}, datatype: FP64}
          species: {range: [0, 1], minimum: 3, finite: true, values: [1], length: [3], pattern: '(', optional: true}
        outputs:
          probabilities: {sum: {totl: 1}, shape: [batch, 3], mode: enforced, finite: 1}
          label: {}
        checks: maybe
        limits: {instances: 0, queue_timeout: 5, infer_timeout: 5 s, workers: 3}
        redact: [sped]
        """);
    assertThat(problems())
        .containsExactlyInAnyOrder(
            "1/contract.yaml: inptus: is not a key that is read here (did you mean 'inputs'?) (expected: checks, preprocess, postprocess, inputs, outputs, limits, batching, isolation, redact, side_effects, warmup)",
            "1/contract.yaml: inputs.sped: names no input of the graph (did you mean 'speed'?) (expected: speed, species)",
            "1/contract.yaml: inputs.speed: is FP64 [N,1], in the graph it is FP32 [N,1] (expected: the same, or preprocess steps that make one from the other)",
            "1/contract.yaml: inputs.speed.range: leaves no value: 10 is more than 0",
            "1/contract.yaml: inputs.speed.pattern: is about speed, which is FP32 (expected: this rule on BYTES only)",
            "1/contract.yaml: inputs.speed.fields.hight: names no column of 'speed' (expected: none)",
            "1/contract.yaml: inputs.species.optional: is true, but the graph requires 'species' (expected: false; nullable allows missing values)",
            "1/contract.yaml: inputs.species.range: stands beside minimum or maximum (expected: one way of saying it)",
            "1/contract.yaml: inputs.species: has a range, but is BYTES (expected: a range on numbers only; values, pattern and length are for texts)",
            "1/contract.yaml: inputs.species.finite: is about species, which is BYTES and cannot be NaN (expected: finite on floating types only)",
            "1/contract.yaml: inputs.species.values[0]: is 1 (expected: a text: write it in quotes)",
            "1/contract.yaml: inputs.species.length: is [3] (expected: two numbers of code points: [shortest, longest])",
            "1/contract.yaml: inputs.species.pattern: is '(', not a regular expression: Unclosed group near position 1",
            "1/contract.yaml: outputs.label: names no output (expected: probabilities)",
            "1/contract.yaml: outputs.probabilities.sum.totl: is not a key that is read here (did you mean 'total'?) (expected: total, tolerance)",
            "1/contract.yaml: outputs.probabilities.shape: uses the word 'batch', which no input's shape has (expected: N, a number or -1)",
            "1/contract.yaml: outputs.probabilities.shape: is [batch,3], but 'probabilities' is FP32 [N,2] (expected: shapes that can agree)",
            "1/contract.yaml: outputs.probabilities.mode: is 'enforced' (did you mean 'enforce'?) (expected: enforce, observe)",
            "1/contract.yaml: outputs.probabilities.finite: is 1 (expected: true or false)",
            "1/contract.yaml: checks: is 'maybe' (expected: enforce, observe)",
            "1/contract.yaml: limits.instances: is 0 (expected: an integer from 1 to 1024)",
            "1/contract.yaml: limits.queue_timeout: is 5 (expected: a duration such as 250ms or 5s, at most 86400s)",
            "1/contract.yaml: limits.infer_timeout: is '5 s' (expected: a duration such as 250ms or 5s, at most 86400s)",
            "1/contract.yaml: limits.workers: is not a key that is read here (expected: instances, queue_capacity, queue_timeout, infer_timeout, stop_grace, lost_lanes, adaptive, worker_memory, worker_cpus)",
            "1/contract.yaml: redact[0]: is 'sped', which names no field (did you mean 'speed'?) (expected: a tensor, tensor.column or column of speed, species, probabilities)");
  }

  @Test
  void duplicateKeysAndAliasesAreRefusedWithTheirLines() throws Exception {
    contract("inputs:\n  speed: &s {minimum: 0}\n  species: *s\n  speed: {maximum: 3}\nchecks: observe\nchecks: enforce\n");
    assertThat(problems())
        .containsExactly(
            "1/contract.yaml line 3: uses the alias '*s' (expected: the value itself, aliases are not read)",
            "1/contract.yaml line 4: has the key 'speed' twice in one mapping (expected: once)",
            "1/contract.yaml line 6: has the key 'checks' twice in one mapping (expected: once)");
  }

  @Test
  void whatIsNotYamlIsSaidWithItsLine() throws Exception {
    contract("inputs:\n  speed: {range: [0, 1}\n");
    assertThat(problems()).singleElement().asString().startsWith("1/contract.yaml line 2: is not YAML: ");
    contract("- a list\n");
    assertThat(problems()).containsExactly("1/contract.yaml: is [\"a list\"] (expected: a mapping)");
    contract("");
    assertThat(read().contract().sources()).containsExactly("graph", "contract.yaml");
  }

  @Test
  void theVersionFolderWinsKeyByKey() throws Exception {
    Files.writeString(model.resolve("contract.yaml"), "limits: {instances: 3, queue_capacity: 5}\ninputs: {speed: {range: [0, 10], nullable: true}}\nredact: [nothing]\n");
    contract("limits: {instances: 4}\ninputs: {speed: {range: [0, 20]}}\nredact: [species]\n");
    VersionSettings settings = read();
    assertThat(settings.limits()).isEqualTo(new Limits(4, 5, 5_000, 30_000));
    assertThat(settings.contract().rules()).containsExactly(new Rule.Nullable(FieldRef.of("speed")), new Rule.Range(FieldRef.of("speed"), 0, 20));
    contract("limits: {instances: 4}\n");
    assertThat(problems()).singleElement().asString().startsWith("contract.yaml: redact[0]: ");
  }

  @Test
  void rangeAndValuesImplyFiniteUnlessTheFieldMayBeMissing() throws Exception {
    contract("inputs: {speed: {columns: [knots], values: [1, 2.5], fields: {knots: {minimum: 0, nullable: true}}}}\n");
    FieldRef knots = new FieldRef("speed", "knots");
    assertThat(read().contract().rules())
        .containsExactly(
            new Rule.Finite(FieldRef.of("speed")),
            new Rule.AllowedValues(FieldRef.of("speed"), Set.of("1", "2.5")),
            new Rule.Nullable(knots),
            new Rule.Range(knots, 0, Double.POSITIVE_INFINITY));
  }

  @Test
  void outputStatementsImplyFiniteInTheirModeAndOthersKeepTheDefault() throws Exception {
    contract("outputs: {probabilities: {range: [0, 1], mode: observe}}\n");
    FieldRef whole = FieldRef.of("probabilities");
    assertThat(read().contract().expectations()).containsExactly(new Expectation.Finite(whole, Mode.OBSERVE), new Expectation.Range(whole, 0, 1, Mode.OBSERVE));
    contract("outputs: {probabilities: {finite: false}}\n");
    assertThat(read().contract().expectations()).isEmpty();
    contract("outputs: {probabilities: {shape: [N, 2]}}\n");
    assertThat(read().contract().expectations()).contains(new Expectation.Finite(whole, Mode.OBSERVE));
  }

  @Test
  void preprocessStepsMustEndInWhatTheGraphTakes() throws Exception {
    contract(
        """
        inputs: {raw: {datatype: INT64, shape: [-1]}}
        preprocess:
          - {step: cast, input: raw, to: FP64, output: speed}
        """);
    assertThat(problems())
        .containsExactly(
            "1/contract.yaml: preprocess: makes 'speed' as FP64 [-1], the graph takes FP32 [N,1] (expected: the same data type and shape)",
            "1/contract.yaml: preprocess: leaves tensors that the graph does not take: raw (expected: only speed, species; a drop step removes the others)");
    contract(
        """
        inputs: {raw: {datatype: INT64, shape: [-1]}, heigth: {nullable: true}}
        preprocess:
          - {step: cast, input: rwa, to: FP32, output: speed}
        """);
    assertThat(problems())
        .containsExactly(
            "1/contract.yaml: inputs.heigth.datatype: is missing: the graph has no input 'heigth' to take it from (expected: a data type such as FP32)",
            "1/contract.yaml: inputs.heigth.shape: is missing: the graph has no input 'heigth' to take it from (expected: a shape such as [-1, 1])",
            "1/contract.yaml: preprocess[0]: step 'cast_1' reads tensor 'rwa', which is not there (did you mean 'raw'?) (expected: raw, heigth)");
  }

  @Test
  void inputsOfTheCallerComeBeforeTheStepsAndUndeclaredOnesFromTheGraph() throws Exception {
    contract(
        """
        inputs: {raw: {datatype: INT64, shape: [-1], range: [0, 500]}}
        preprocess:
          - {name: widen, step: cast, input: raw, to: FP32}
          - {step: reshape, input: raw, shape: [-1, 1]}
          - {step: rename, input: raw, output: speed}
        """);
    Contract contract = read().contract();
    assertThat(contract.inputs()).extracting(TensorSpec::name).containsExactly("raw", "species");
    assertThat(contract.rules()).containsExactly(new Rule.Range(FieldRef.of("raw"), 0, 500));
  }

  @Test
  void anMlflowSignatureNamesTheColumnsOfTheOnlyInput() throws Exception {
    mlmodel("'[{\"type\":\"double\",\"name\":\"age\",\"required\":false},{\"type\":\"long\",\"name\":\"country\"}]'");
    TensorSpec features = TensorSpec.of("X", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(2)));
    Contract contract = read(List.of(features)).contract();
    assertThat(contract.inputs()).containsExactly(features.withColumns(List.of("age", "country")));
    assertThat(contract.rules()).containsExactly(new Rule.Nullable(new FieldRef("X", "age")));
    assertThat(contract.sources()).containsExactly("graph", "MLmodel");
    TensorSpec wider = TensorSpec.of("X", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(3)));
    assertThat(problems(List.of(wider)))
        .containsExactly("1/MLmodel: signature.inputs: lists 2 columns, the graph's only input 'X' is FP32 [-1,3] (expected: as many different columns as its last axis has places)");
  }

  @Test
  void anMlflowSignatureThatContradictsTheGraphNamesBothSides() throws Exception {
    mlmodel("'[{\"name\":\"speed\",\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float64\",\"shape\":[-1,1]}}]'");
    assertThat(problems())
        .containsExactly("1/MLmodel: signature.inputs: [0]: 'speed' is FP64 [-1,1], in the graph it is FP32 [N,1] (expected: the same)");
    mlmodel("'[{\"type\":\"string\",\"name\":\"speed\"},{\"type\":\"string\",\"name\":\"species\"}]'");
    assertThat(problems()).singleElement().asString().contains("is column 'speed' of string, in the graph it is FP32 [N,1]");
    mlmodel("'[{\"type\":\"double\",\"name\":\"sped\"},{\"type\":\"string\",\"name\":\"species\"}]'");
    assertThat(problems()).singleElement().asString().contains("is column 'sped', which is no input of the graph (did you mean 'speed'?)");
    mlmodel("'[{'");
    assertThat(problems()).singleElement().asString().startsWith("1/MLmodel: signature.inputs: is not JSON: ");
  }

  @Test
  void aMissingMlflowSignatureIsAWarning() throws Exception {
    Files.writeString(version.resolve("MLmodel"), "flavors: {onnx: {data: model.onnx}}\nsignature: null\n");
    assertThat(read().warnings()).singleElement().asString().startsWith("1/MLmodel: has no signature for its inputs");
  }

  @Test
  void rowsAreReadAndCanOnlyNarrowTheLargestBatch() throws Exception {
    contract("inputs: {speed: {rows: [1, null]}, species: {rows: [0, 16]}}");
    assertThat(read().contract().rules()).contains(new Rule.Rows(FieldRef.of("speed"), 1, Long.MAX_VALUE), new Rule.Rows(FieldRef.of("species"), 0, 16));
  }

  @Test
  void aTritonConfigurationIsHeldAgainstTheGraph() throws Exception {
    config(
        """
        name: "strikes"
        max_batch_size: 8
        input [ { name: "speed" data_type: TYPE_FP32 dims: [ 1 ] }, { name: "species" data_type: TYPE_STRING dims: [ ] } ]
        output { name: "probabilities" data_type: TYPE_FP32 dims: 2 }
        instance_group [ { count: 3 kind: KIND_CPU } ]
        dynamic_batching { default_queue_policy { max_queue_size: 7 default_timeout_microseconds: 20000 } }
        optimization { graph { level: 1 } }
        version_policy: { latest { num_versions: 2 } }
        parameters { key: "team" value { string_value: "birds" } }
        """);
    VersionSettings settings = read();
    assertThat(settings.limits()).isEqualTo(new Limits(3, 7, 20, 30_000).with(new Batching(8, 0, List.of())));
    assertThat(settings.contract().sources()).containsExactly("graph", "config.pbtxt");
    assertThat(settings.contract().rules()).containsExactly(new Rule.Rows(FieldRef.of("speed"), 8), new Rule.Rows(FieldRef.of("species"), 8));
    assertThat(settings.warnings())
        .containsExactly(
            "config.pbtxt: parameters team have no effect here",
            "config.pbtxt: line 7: optimization is not read");
    TritonConfig config = TritonConfigReader.find(model).orElseThrow();
    assertThat(config.versionPolicy()).isEqualTo(new TritonConfig.VersionPolicy.Latest(2));
    assertThat(config.parameters()).containsEntry("team", "birds");
  }

  @Test
  void aTritonConfigurationThatContradictsTheGraphNamesBothSides() throws Exception {
    config("max_batch_size: 8 input [{ name: \"speed\" data_type: TYPE_FP32 dims: [ -1, 1 ] }, { name: \"specis\" data_type: TYPE_STRING dims: 1 }, { name: \"species\" data_type: TYPE_INT32 }]");
    assertThat(problems())
        .containsExactly(
            "config.pbtxt: input 'speed': is FP32 [-1,-1,1], in the graph it is FP32 [N,1] (expected: the same; max_batch_size above 0 adds a batch axis to dims)",
            "config.pbtxt: input 'specis': is not in the graph (did you mean 'species'?) (expected: speed, species)",
            "config.pbtxt: input 'species': is INT32 [-1], in the graph it is BYTES [N] (expected: the same)");
    config("input { name: \"speed\" data_type: TYPE_F32 }");
    assertThat(problems()).singleElement().asString().startsWith("config.pbtxt: is not a model configuration in protobuf text format: ").contains("TYPE_F32");
  }

  @Test
  void noTextMakesTheReaderThrowAnythingButALoadException() throws Exception {
    long seed = 20_261_123;
    System.out.println("seed " + seed);
    var random = new Random(seed);
    String page = Files.readString(Path.of("..", "docs", "contract.md"));
    int start = page.indexOf("```yaml\n# contract.yaml") + "```yaml\n".length();
    String good = page.substring(start, page.indexOf("```", start));
    String alphabet = "{}[]:,-#&*!|>'\"%@` \n\t0123456789abc.~eNé\u0000";
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder(good);
      for (int edit = random.nextInt(1, 6); edit > 0; edit--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          case 2 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> text.insert(at, good, Math.min(at, good.length() - 20), Math.min(at, good.length() - 20) + 20);
        }
      }
      contract(text.toString());
      try {
        assertThat(read().contract().inputs()).isNotEmpty();
      } catch (LoadException e) {
        assertThat(e.code()).isEqualTo("load.contract");
        refused++;
      }
    }
    assertThat(refused).isBetween(125, 499);
  }

  @Test
  void deepNestingIsRefusedBeforeItIsRead() throws Exception {
    contract("inputs: " + "[".repeat(5_000));
    assertThat(problems()).singleElement().asString().containsAnyOf("nested deeper than 60 levels", "is not YAML");
  }

  private void contract(String yaml) throws IOException {
    Files.writeString(version.resolve("contract.yaml"), yaml);
  }

  private void config(String text) throws IOException {
    Files.writeString(model.resolve("config.pbtxt"), text);
  }

  private void mlmodel(String inputs) throws IOException {
    Files.writeString(version.resolve("MLmodel"), "signature:\n  inputs: " + inputs + "\n");
  }

  private VersionSettings read() throws LoadException {
    return read(List.of(SPEED, SPECIES));
  }

  private VersionSettings read(List<TensorSpec> inputs) throws LoadException {
    return new SettingsReader(StepReader.withInstalledProviders()).read(candidate(), inputs, List.of(PROBABILITIES), LIMITS);
  }

  private Found.Candidate candidate() {
    return new Found.Candidate("strikes", "1", Layout.TRITON, model, version, version.resolve("model.onnx"));
  }

  private List<String> problems() {
    return problems(List.of(SPEED, SPECIES));
  }

  private List<String> problems(List<TensorSpec> inputs) {
    LoadException failure = catchThrowableOfType(LoadException.class, () -> read(inputs));
    assertThat(failure.code()).isEqualTo("load.contract");
    return java.util.Objects.requireNonNull(failure.getMessage()).lines().skip(1).map(String::strip).toList();
  }
}
