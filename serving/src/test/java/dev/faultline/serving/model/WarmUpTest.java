package dev.faultline.serving.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.serving.step.StepReader;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions whose engine multiplies by the number in their file, behind the real loader. 13 makes a run fail.
class WarmUpTest {
  private static final TensorSpec X = TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(2)));
  private static final TensorSpec Y = TensorSpec.of("y", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(2)));
  private static final String GOLDEN =
      """
      {"name": "doubles", "request": {"id": "a", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2.5]}]},
       "response": {"model_name": "m", "outputs": [{"name": "y", "shape": [1, 2], "datatype": "FP32", "data": [[2, 5]]}]}}
      """;

  @TempDir Path place;
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private ModelRepository repository;

  @BeforeEach
  void repository() {
    var loader = new ModelLoader(
        backend(), new SettingsReader(StepReader.withInstalledProviders()), ContractValidator::new, ContractChecker::new,
        new Limits(1, 8, 5_000, 30_000), System::nanoTime);
    repository = new ModelRepository(loader, _ -> {}, System::nanoTime);
  }

  @Test
  void aVersionThatGivesItsGoldenAnswersBecomesReady() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/1/warmup/doubles.json", GOLDEN);
    assertThat(load("1")).isInstanceOf(ModelState.Ready.class);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aWrongGoldenAnswerNamesOutputIndexFoundAndExpectedAndTheOldVersionAnswersOn() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/warmup/doubles.json", GOLDEN);
    assertThat(load("1")).isInstanceOf(ModelState.Ready.class);
    write("m/2/model.onnx", "3");
    assertThat(load("2"))
        .isEqualTo(new ModelState.Failed(
            "load.golden_mismatch",
            "model 'm' version 2 does not give the answers it must give: 'doubles' in warmup/doubles.json: output 'y' at [0, 0] is 3.0"
                + " (expected: 2.0, give or take 2.1E-4); 2 of 2 elements differ"));
    assertThat(repository.findDefault("m").orElseThrow().id().version()).isEqualTo("1");
    assertThat(closed.await(20, TimeUnit.SECONDS)).as("the version that failed is closed").isTrue();
    assertThat(open).hasValue(1);
  }

  @Test
  void aReloadWhoseGoldenFailsLeavesTheLoadedOneInPlace() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/1/warmup/doubles.json", GOLDEN);
    load("1");
    write("m/1/model.onnx", "4");
    assertThat(load("1")).isInstanceOf(ModelState.Failed.class);
    assertThat(repository.find("m", "1").orElseThrow().label()).isEqualTo("READY");
  }

  @Test
  void aToleranceIsAbsolutePlusRelative() throws Exception {
    write("m/1/model.onnx", "2.001");
    write("m/1/contract.yaml", contract("{absolute: 0.001, relative: 0.0001}"));
    assertThat(load("1").reason()).contains("output 'y' at [0, 1] is 5.0024996 (expected: 5.0, give or take 0.0015").contains("1 of 2 elements differ");
    write("m/1/contract.yaml", contract("{absolute: 0.001, relative: 0.0005}"));
    assertThat(load("1").label()).isEqualTo("READY");
  }

  @Test
  void aGoldenThatIsNoRequestOfTheModelIsAProblemOfItsFile() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/1/warmup/a.json", "{\"request\": {\"inputs\": [{\"name\": \"z\", \"data\": [1]}]}, \"response\": {\"outputs\": [{\"name\": \"y\", \"shape\": [3], \"data\": [1]}]}, \"tolerence\": {}}");
    write("m/1/warmup/b.json", "{\"request\": {}, \"response\": {\"outputs\": [{\"name\": \"y\", \"datatype\": \"INT64\", \"data\": [1]}, {\"name\": \"y\", \"data\": [true]}]}}");
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Failed.class, failed -> {
      assertThat(failed.code()).isEqualTo("load.contract");
      assertThat(failed.reason())
          .contains("1/warmup/a.json: request.inputs[0]: is 'z', which is no input (expected: x)")
          .contains("1/warmup/a.json: response.outputs[0].data: has 1 values (expected: 3 for shape [3])")
          .contains("1/warmup/a.json: tolerence: is not a key that is read here (did you mean 'tolerance'?)")
          .contains("1/warmup/b.json: request: has no inputs")
          .contains("1/warmup/b.json: response.outputs[0]: says that 'y' is INT64 (expected: FP32, as the model says)")
          .contains("1/warmup/b.json: response.outputs[1].data: holds true (expected: numbers)");
    });
  }

  @Test
  void aGoldenRequestThatTheContractRefusesFailsTheWarmUp() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/1/contract.yaml", "inputs: {x: {maximum: 1}}\n");
    write("m/1/warmup/doubles.json", GOLDEN);
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Failed.class, failed -> {
      assertThat(failed.code()).isEqualTo("load.warmup_failed");
      assertThat(failed.reason()).startsWith("model 'm' version 1 fails its warm-up 'doubles' in 1/warmup/doubles.json: ").contains("(validate.range)");
    });
  }

  @Test
  void tritonsWarmUpRunsZerosChanceAndFiles() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/warmup/thirteen", "");
    Files.write(place.resolve("m/warmup/thirteen"), new byte[] {0, 0, 0x50, 0x41, 0, 0, 0, 0});
    String zeros = "model_warmup { name: \"zeros\" batch_size: 3 count: 2 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: 2 zero_data: true } } }";
    String chance = "model_warmup { name: \"chance\" batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: 2 random_data: true } } }";
    String file = "model_warmup { name: \"file\" batch_size: 2 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: 2 input_data_file: \"thirteen\" } } }";
    write("m/config.pbtxt", "max_batch_size: 4 " + zeros + chance);
    assertThat(load("1").label()).isEqualTo("READY");
    assertThat(runs).hasValue(3);
    write("m/config.pbtxt", "max_batch_size: 4 " + file);
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Failed.class, failed -> {
      assertThat(failed.code()).isEqualTo("load.warmup_failed");
      assertThat(failed.reason()).isEqualTo("model 'm' version 1 fails its warm-up config.pbtxt: model_warmup 'file': the engine failed: thirteen brings bad luck (infer.failed)");
    });
  }

  @Test
  void aWarmUpThatDoesNotFitTheGraphIsAProblem() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/config.pbtxt", "model_warmup { name: \"w\" batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: [1, 3] } } inputs { key: \"z\" value { data_type: TYPE_FP32 dims: 1 } } }");
    assertThat(load("1").reason())
        .contains("config.pbtxt: model_warmup 'w': input 'x': is FP32 [1,3], in the graph it is FP32 [-1,2] (expected: the same)")
        .contains("config.pbtxt: model_warmup 'w': input 'z': is not in the graph (expected: one of [x])");
  }

  @Test
  void namesOfFilesThatLeaveTheModelsFolderAreNeverOpened() throws Exception {
    write("secret", "class\n");
    write("m/1/model.onnx", "2");
    write("m/config.pbtxt", "output { name: \"y\" data_type: TYPE_FP32 dims: [-1, 2] label_filename: \"../secret\" } model_warmup { name: \"w\" batch_size: 1 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: [1, 2] input_data_file: \"/etc/passwd\" } } }");
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Failed.class, failed -> {
      assertThat(failed.code()).isEqualTo("load.path_outside");
      assertThat(failed.reason())
          .contains("config.pbtxt: output 'y': label_filename: is '../secret' (expected: a name inside the model's folder)")
          .contains("config.pbtxt: model_warmup 'w': input 'x': input_data_file: is '/etc/passwd' (expected: a name inside the folder 'warmup' of the model)");
    });
  }

  @Test
  void labelsComeFromTheFileThatTheConfigurationNames() throws Exception {
    write("m/1/model.onnx", "2");
    write("m/labels.txt", "no\nyes\n");
    write("m/config.pbtxt", "output { name: \"y\" data_type: TYPE_FP32 dims: [-1, 2] label_filename: \"labels.txt\" }");
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Ready.class, ready -> assertThat(ready.version().settings().labels()).isEqualTo(Map.of("y", List.of("no", "yes"))));
    Files.delete(place.resolve("m/labels.txt"));
    assertThat(load("1").reason()).contains("config.pbtxt: output 'y': label_filename: is 'labels.txt', which is not in ");
  }

  @Test
  void settingsOfMlserverAreHeldAgainstTheGraph() throws Exception {
    write("m/model.onnx", "2");
    write("m/model-settings.json", "{\"name\": \"m\", \"max_batch_size\": 4, \"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [5, 2]}], \"outputs\": [{\"name\": \"y\", \"datatype\": \"FP32\", \"shape\": [-1, 2]}]}");
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Ready.class, ready -> {
      assertThat(ready.version().contract().sources()).containsExactly("graph", "model-settings.json");
      assertThat(ready.version().contract().inputs().getFirst().wireShape()).containsExactly(5L, 2L);
      assertThat(ready.version().settings().warnings()).containsExactly("model-settings.json: max_batch_size has no effect here: requests are not joined");
    });
    write("m/model-settings.json", "{\"name\": \"m\", \"inputs\": [{\"name\": \"x\", \"datatype\": \"FP64\", \"shape\": [-1, 3]}, {\"name\": \"xx\", \"datatype\": \"FP32\"}]}");
    assertThat(load("1").reason())
        .contains("model-settings.json: inputs[0]: 'x' is FP64 [-1,3], in the graph it is FP32 [-1,2] (expected: the same)")
        .contains("model-settings.json: inputs[1]: is input 'xx', which the graph does not have (expected: x)");
  }

  @Test
  void theHubsConfigurationNamesClasses() throws Exception {
    write("m/onnx/model.onnx", "2");
    write("m/config.json", "{\"id2label\": {\"0\": \"NEGATIVE\", \"1\": \"POSITIVE\"}, \"vocab_size\": 30522}");
    assertThat(load("1")).isInstanceOfSatisfying(ModelState.Ready.class, ready -> {
      assertThat(ready.version().settings().labels()).isEqualTo(Map.of("y", List.of("NEGATIVE", "POSITIVE")));
      assertThat(ready.version().contract().sources()).containsExactly("graph", "config.json");
    });
  }

  private static String contract(String tolerance) {
    return "warmup:\n  - request: {inputs: [{name: x, data: [[1, 2.5]]}]}\n    response: {outputs: [{name: y, data: [[2, 5]]}]}\n    tolerance: " + tolerance + "\n";
  }

  /// What the last scan's version of this name came to.
  private ModelState load(String version) {
    return new RepositoryScanner().scan(place).stream()
        .filter(found -> found instanceof Found.OfModel each && each.version().equals(version))
        .map(found -> repository.add((Found.OfModel) found))
        .findFirst()
        .orElseThrow();
  }

  private void write(String name, String text) throws IOException {
    Path file = place.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private Backend backend() {
    return new Backend() {
      @Override
      public String engine() {
        return "fake/1";
      }

      @Override
      public LoadedModel load(Artifact artifact, LoadOptions options) {
        open.incrementAndGet();
        return new Multiplying(factor(artifact.file()));
      }
    };
  }

  private static float factor(Path file) {
    try {
      return Float.parseFloat(Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private final class Multiplying implements LoadedModel {
    private final float factor;

    Multiplying(float factor) {
      this.factor = factor;
    }

    @Override
    public List<TensorSpec> inputs() {
      return List.of(X);
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of(Y);
    }

    @Override
    public ModelFacts facts() {
      return new ModelFacts("fake_multiply", "fake", 0, 0, "test", Map.of());
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      runs.incrementAndGet();
      Tensor x = inputs.getFirst();
      float[] product = new float[x.count()];
      for (int i = 0; i < product.length; i++) {
        if (x.doubleAt(i) == 13) {
          throw new FaultException(new InferFault.Failed("thirteen brings bad luck", Blame.MODEL, List.of(), List.of(), List.of()));
        }
        product[i] = (float) (factor * x.doubleAt(i));
      }
      return new RunResult(List.of(Tensor.floats("y", x.shape(), product)), List.of());
    }

    @Override
    public void close() {
      open.decrementAndGet();
      closed.countDown();
    }
  }
}
