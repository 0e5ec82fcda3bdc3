package dev.faultline.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryScannerTest {
  @TempDir Path place;
  private Path repository;

  @BeforeEach
  void repository() throws IOException {
    repository = Files.createDirectory(place.resolve("repository"));
  }

  @Test
  void versionFoldersWithLeadingZeroOrWithoutNumberAreIgnoredAndSaidSo() throws Exception {
    files("m/1/model.onnx", "m/02/model.onnx", "m/latest/model.onnx", "m/configs/a.pbtxt", "m/.git/x", "m/10/model.onnx");
    assertThat(candidates()).containsExactly("m 1 Triton m/1/model.onnx", "m 10 Triton m/10/model.onnx");
    assertThat(skipped())
        .containsExactly(
            "m/02: not a version folder (expected: a number without leading zero)",
            "m/latest: not a version folder (expected: a number without leading zero)");
  }

  @Test
  void theVersionPolicyDecidesWhichVersionsAreServed() throws Exception {
    files("m/1/model.onnx", "m/2/model.onnx", "m/10/model.onnx");
    config("m", "version_policy { latest { num_versions: 2 } }");
    assertThat(candidates()).containsExactly("m 10 Triton m/10/model.onnx", "m 2 Triton m/2/model.onnx");
    assertThat(skipped()).containsExactly("m/1: version_policy in config.pbtxt serves 2, 10 only");
    config("m", "version_policy { latest { } }");
    assertThat(candidates()).containsExactly("m 10 Triton m/10/model.onnx");
    config("m", "version_policy { all { } }");
    assertThat(candidates()).hasSize(3);
    config("m", "max_batch_size: 8");
    assertThat(candidates()).hasSize(3);
    config("m", "version_policy { specific { versions: [ 1, 7 ] } }");
    assertThat(candidates()).containsExactly("m 1 Triton m/1/model.onnx");
    assertThat(refused())
        .containsExactly(
            "load.file_missing: model 'm' version 7 is not loaded: config.pbtxt: version_policy asks for it, but there is no folder '7' (expected: one of 1, 2, 10)");
  }

  @Test
  void theModelFileMayHaveAnotherNameOrBeAFolder() throws Exception {
    files("named/1/net.onnx", "named/1/other.onnx", "only/1/anything.onnx", "folder/1/model.onnx/model.onnx", "folder/1/model.onnx/weights.bin");
    config("named", "default_model_filename: \"net.onnx\"");
    assertThat(candidates())
        .containsExactly("folder 1 Triton folder/1/model.onnx/model.onnx", "named 1 Triton named/1/net.onnx", "only 1 Triton only/1/anything.onnx");
    config("named", "default_model_filename: \"gone.onnx\"");
    assertThat(refused()).singleElement().asString().startsWith("load.file_missing: ").contains("default_model_filename is 'gone.onnx', which is not in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../secret.onnx", "/etc/passwd", "..", "a/../../../secret.onnx", "..\\\\..\\\\secret.onnx", "."})
  void aModelFileNameThatLeavesTheVersionFolderIsRefused(String name) throws Exception {
    Files.writeString(place.resolve("secret.onnx"), "");
    Files.writeString(repository.resolve("secret.onnx"), "");
    files("m/1/model.onnx");
    config("m", "default_model_filename: \"" + name + "\"");
    assertThat(refused()).singleElement().asString().startsWith("load.path_outside: model 'm' version 1 is not loaded: config.pbtxt: default_model_filename is '");
  }

  @Test
  void modelsOfOtherEnginesAreSkippedWithTheirEngine() throws Exception {
    files("tree/1/model.py", "plan/1/model.plan", "empty/1/readme.txt");
    config("tree", "backend: \"python\"");
    config("plan", "platform: \"tensorrt_plan\"");
    assertThat(skipped())
        .containsExactly(
            "empty/1: no model.onnx in it",
            "plan/1: config.pbtxt names 'tensorrt_plan' (expected: onnxruntime, the one engine here)",
            "tree/1: config.pbtxt names 'python' (expected: onnxruntime, the one engine here)");
  }

  @Test
  void aConfigurationThatCannotBeReadLeavesTheVersionToTheLoaderWhereItIsReported() throws Exception {
    files("m/1/model.onnx", "n/1/other.txt");
    config("m", "version_policy {");
    config("n", "version_policy {");
    assertThat(candidates()).containsExactly("m 1 Triton m/1/model.onnx");
    assertThat(refused()).singleElement().asString().startsWith("load.contract: model 'n' version 1 is not loaded: ").contains("is not a model configuration");
  }

  @Test
  void anMlflowFolderIsServedByItsOnnxFlavour() throws Exception {
    files("birds/data/net.onnx", "trees/model.pkl", "versions/3/model.onnx");
    write("birds/MLmodel", "flavors:\n  onnx: {data: data/net.onnx}\n  python_function: {loader_module: mlflow.onnx}\n");
    write("trees/MLmodel", "flavors:\n  sklearn: {pickled_model: model.pkl}\n  python_function: {}\n");
    write("versions/3/MLmodel", "flavors:\n  onnx: {data: model.onnx}\n");
    assertThat(candidates()).containsExactly("birds 1 MLflow birds/data/net.onnx", "versions 3 MLflow versions/3/model.onnx");
    assertThat(skipped()).containsExactly("trees: an MLflow model of flavours sklearn, python_function (expected: onnx among them; save it with mlflow.onnx)");
    write("birds/MLmodel", "flavors: {onnx: {data: ../../secret.onnx}}\n");
    assertThat(refused()).singleElement().asString().startsWith("load.path_outside: model 'birds' version 1 is not loaded: MLmodel: flavors.onnx.data is '../../secret.onnx'");
  }

  @Test
  void mlserverSettingsSayNameVersionAndPlace() throws Exception {
    files("a/net.onnx", "b/sub/model.onnx", "c/v1/model.onnx", "c/v2/model.onnx");
    write("a/model-settings.json", "{\n\t\"name\": \"birds\", \"implementation\": \"x.Y\", \"parameters\": {\"uri\": \"./net.onnx\", \"version\": \"v0.3\"}\n}");
    write("b/model-settings.json", "{\"versions\": [\"7\"], \"parameters\": {\"uri\": \"file://" + repository.resolve("b/sub") + "\"}}");
    write("c/v1/model-settings.json", "{\"name\": \"c\", \"parameters\": {\"version\": \"v1\"}}");
    write("c/v2/model-settings.json", "{\"name\": \"c\", \"parameters\": {\"version\": \"v2\"}}");
    assertThat(candidates())
        .containsExactly("b 7 MLServer b/sub/model.onnx", "birds v0.3 MLServer a/net.onnx", "c v1 MLServer c/v1/model.onnx", "c v2 MLServer c/v2/model.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other/model.onnx", "/etc/passwd", "file:///etc/passwd", "s3://bucket/model", "a/../../x"})
  void anMlserverPlaceOutsideIsRefused(String uri) throws Exception {
    files("a/model.onnx", "other/model.onnx");
    write("a/model-settings.json", "{\"name\": \"a\", \"parameters\": {\"uri\": \"" + uri + "\"}}");
    assertThat(refused()).singleElement().asString().startsWith("load.path_outside: model 'a' version 1 is not loaded: model-settings.json: parameters.uri is '" + uri + "'");
  }

  @Test
  void settingsThatAreDamagedAreReportedUnderTheFoldersName() throws Exception {
    files("a/model.onnx", "b/model.onnx");
    write("a/model-settings.json", "{\"name\": ");
    write("b/model-settings.json", "{\"name\": \"../x\"}");
    assertThat(refused())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("load.contract: model 'a' version 1 is not loaded: model-settings.json line 1: is not JSON"),
            second -> assertThat(second).startsWith("load.contract: model 'b' version 1 is not loaded: model-settings.json: name: is '../x' (expected: a name without slashes"));
  }

  @Test
  void aFolderOfTheHubIsServedByItsPlainModel() throws Exception {
    files("bert/config.json", "bert/tokenizer.json", "bert/onnx/model.onnx", "bert/onnx/model_fp16.onnx", "bert/onnx/model.onnx_data");
    assertThat(candidates()).containsExactly("bert 1 Hugging Face bert/onnx/model.onnx");
    assertThat(skipped()).containsExactly("bert/onnx/model_fp16.onnx: another form of model.onnx; name the file itself to serve it");
  }

  @Test
  void aMountedModelIsRecognisedInEachShape() throws Exception {
    Path mount = Files.createDirectory(place.resolve("models"));
    Files.writeString(mount.resolve("birds.onnx"), "");
    assertThat(new RepositoryScanner().scan(mount)).singleElement().isInstanceOfSatisfying(Found.Candidate.class, one -> assertThat(one.model() + " " + one.layout()).isEqualTo("birds FILE"));
    Files.move(mount.resolve("birds.onnx"), mount.resolve("model.onnx"));
    assertThat(new RepositoryScanner().scan(mount)).singleElement().isInstanceOfSatisfying(Found.Candidate.class, one -> assertThat(one.model() + " " + one.layout()).isEqualTo("models FOLDER"));
    Files.writeString(mount.resolve("MLmodel"), "flavors: {onnx: {data: model.onnx}}");
    assertThat(new RepositoryScanner().scan(mount)).singleElement().isInstanceOfSatisfying(Found.Candidate.class, one -> assertThat(one.model() + " " + one.layout()).isEqualTo("models MLFLOW"));
    Files.delete(mount.resolve("MLmodel"));
    Files.createDirectory(mount.resolve("onnx"));
    Files.move(mount.resolve("model.onnx"), mount.resolve("onnx/model.onnx"));
    assertThat(new RepositoryScanner().scan(mount)).singleElement().isInstanceOfSatisfying(Found.Candidate.class, one -> assertThat(one.model() + " " + one.layout()).isEqualTo("models HUGGING_FACE"));
  }

  @Test
  void aPlaceWithOneModelCanBeGivenItsName() throws Exception {
    files("model.onnx");
    assertThat(new RepositoryScanner("birds").scan(repository)).singleElement().isInstanceOfSatisfying(Found.Candidate.class, one -> assertThat(one.model()).isEqualTo("birds"));
    files("m/1/model.onnx", "n/1/model.onnx");
    Files.delete(repository.resolve("model.onnx"));
    assertThat(new RepositoryScanner("birds").scan(repository)).extracting(each -> ((Found.OfModel) each).model()).as("two models keep their names").containsExactly("m", "n");
  }

  @Test
  void aRepositoryWithAModelCalledOnnxIsNoHubFolder() throws Exception {
    files("onnx/model.onnx", "other/1/model.onnx");
    assertThat(candidates()).containsExactly("onnx 1 folder onnx/model.onnx", "other 1 Triton other/1/model.onnx");
  }

  @Test
  void linksAreFollowed() throws Exception {
    Path blob = Files.writeString(place.resolve("blob"), "");
    Files.createDirectories(repository.resolve("m/1"));
    Files.createSymbolicLink(repository.resolve("m/1/model.onnx"), blob);
    assertThat(candidates()).containsExactly("m 1 Triton m/1/model.onnx");
  }

  @Test
  void aPlaceThatDoesNotExistIsNoRepository() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RepositoryScanner().scan(place.resolve("gone"))).withMessageContaining("does not exist");
  }

  private void files(String... names) throws IOException {
    for (String name : names) {
      write(name, "");
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = repository.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private void config(String model, String text) throws IOException {
    write(model + "/config.pbtxt", text);
  }

  private List<String> candidates() {
    return new RepositoryScanner().scan(repository).stream().filter(Found.Candidate.class::isInstance).map(Found.Candidate.class::cast)
        .map(each -> each.model() + " " + each.version() + " " + each.layout().title() + " " + repository.relativize(each.path())).sorted().toList();
  }

  private List<String> skipped() {
    return new RepositoryScanner().scan(repository).stream().filter(Found.Skipped.class::isInstance).map(Found.Skipped.class::cast)
        .map(each -> repository.relativize(each.path()) + ": " + each.reason()).sorted().toList();
  }

  private List<String> refused() {
    return new RepositoryScanner().scan(repository).stream().filter(Found.Refused.class::isInstance).map(Found.Refused.class::cast)
        .map(each -> each.code() + ": " + each.reason()).sorted().toList();
  }
}
