package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.BFLOAT16;
import static dev.faultline.graph.ElementType.COMPLEX64;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.FLOAT8E4M3FN;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelLoadingTest {

  @TempDir private Path folder;

  private static GraphBuilder with(String node, String op, Attribute... attributes) {
    return GraphBuilder.named("g").input("x", FLOAT, 2).node(node, op, List.of("x"), List.of("y"), attributes).output("y");
  }

  private static void refuses(GraphBuilder graph, String code, String... says) {
    LoadException refusal = Models.refusal(graph);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContainingAll(says);
    assertThat(refusal.getMessage()).startsWith("model 'm' version 1");
  }

  @Test
  void versionsBeyondTheEngineAreNamedWithTheHighestThatItTakes() {
    refuses(with("a", "Relu").opset("", 27), "load.opset_unsupported", "operator set 27 of domain ai.onnx (expected: at most 26)");
    refuses(with("a", "Relu").opset("ai.onnx.ml", 99), "load.opset_unsupported", "operator set 99 of domain ai.onnx.ml (expected: at most 5)");
    refuses(with("a", "Relu").irVersion(14), "load.ir_unsupported", "version 14 (expected: at most 13)");
  }

  @Test
  void anOperatorThatTheEngineLacksIsNamedWithItsNode() {
    refuses(with("mine", "FooBar"), "load.op_unsupported", "operator FooBar of opset 17 in node mine (FooBar, #0)");
    GraphBuilder custom = GraphBuilder.named("g").opset("my.dom", 1).input("x", FLOAT, 2).node("my.dom", "mine", "Foo", List.of("x"), List.of("y")).output("y");
    refuses(custom, "load.op_unsupported", "operator Foo of domain my.dom in node mine (Foo, #0)");
    GraphBuilder stray = GraphBuilder.named("g").input("x", FLOAT, 2).node("my.dom", "mine", "Foo", List.of("x"), List.of("y")).output("y");
    refuses(stray, "load.op_unsupported", "domain my.dom in node mine (Foo, #0)", "opset_import");
    GraphBuilder half = GraphBuilder.named("g").input("x", BFLOAT16, 2).node("mine", "Relu", List.of("x"), List.of("y")).output("y");
    refuses(half, "load.op_unsupported", "operator Relu of opset 14 in node mine (Relu, #0) for a data type");
  }

  @Test
  void aGraphThatCannotBeIsRefusedWithItsNode() {
    GraphBuilder clash = GraphBuilder.named("g").input("a", FLOAT, 2, 3).input("b", FLOAT, 4, 5).node("mm", "MatMul", List.of("a", "b"), List.of("y")).output("y");
    refuses(clash, "load.graph_invalid", "in node mm (MatMul, #0)", "Incompatible dimensions");
    GraphBuilder types = GraphBuilder.named("g").input("a", FLOAT, 2).input("b", INT64, 2).node("sum", "Add", List.of("a", "b"), List.of("y")).output("y");
    refuses(types, "load.graph_invalid", "in node sum (Add, #0)");
    GraphBuilder dangling = GraphBuilder.named("g").input("a", FLOAT, 2).node("sum", "Add", List.of("a", "ghost"), List.of("y")).output("y");
    refuses(dangling, "load.graph_invalid", "ghost");
    refuses(GraphBuilder.named("g").input("a", FLOAT, 2).node("r", "Relu", List.of("a"), List.of("y")).output("nowhere"), "load.graph_invalid", "nowhere");
    refuses(with("c", "Cast"), "load.graph_invalid", "in node c (Cast, #0)", "Required attribute 'to' is missing");
  }

  @Test
  void aCycleIsRefused() {
    ModelProto line = GraphBuilder.named("g").input("a", FLOAT, 2).node("p", "Add", List.of("a", "r"), List.of("q")).node("s", "Relu", List.of("q"), List.of("t")).output("t").build().model();
    var cyclic = line.toBuilder();
    cyclic.getGraphBuilder().getNodeBuilder(1).setOutput(0, "r");
    LoadException refusal = catchThrowableOfType(LoadException.class, () -> Models.load(cyclic.build().toByteArray(), LoadOptions.DEFAULT));
    assertThat(refusal.code()).isEqualTo("load.graph_invalid");
    assertThat(refusal).hasMessageContaining("cycle");
  }

  @Test
  void whatNoRequestCanCarryIsRefusedByName() {
    refuses(with("s", "SequenceConstruct"), "load.type_unsupported", "output 'y' is a sequence", "export it as tensors");
    refuses(with("c", "Cast", Attribute.ofType("to", FLOAT8E4M3FN)).opset("", 19), "load.type_unsupported", "output 'y' is float8e4m3fn");
    GraphBuilder complex = GraphBuilder.named("g").input("z", COMPLEX64, 2).node("i", "Identity", List.of("z"), List.of("y")).output("y");
    refuses(complex, "load.type_unsupported", "'z' is complex64");
    GraphBuilder zipped =
        GraphBuilder.named("g").input("x", FLOAT, "n", 2).mlNode("zip", "ZipMap", List.of("x"), List.of("y"), Attribute.ofStrings("classlabels_strings", List.of("a", "b"))).output("y");
    refuses(zipped, "load.type_unsupported", "output 'y' is a sequence", "zipmap=False");
  }

  @Test
  void aTruncatedFileIsRefused() {
    byte[] whole = with("a", "Relu").initializer("w", new float[100], 100).bytes();
    LoadException refusal = catchThrowableOfType(LoadException.class, () -> Models.load(Arrays.copyOf(whole, whole.length - 20), LoadOptions.DEFAULT));
    assertThat(refusal.code()).isEqualTo("load.not_onnx");
  }

  @Test
  void weightsBesideTheModelAreFoundAndTheFactsSaySo() throws Exception {
    writeExternal();
    Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
    var artifact = new Artifact("m", "1", folder.resolve("model.onnx"), "sha256:0000");
    try (OnnxModel model = new OnnxBackend().load(artifact, LoadOptions.DEFAULT)) {
      Tensor y = model.run(List.of(Tensor.floats("x", Shape.of(2), 10, 10)), new RunControl()).outputs().getFirst();
      assertThat(List.of(y.doubleAt(0), y.doubleAt(1))).containsExactly(11.0, 12.0);
      assertThat(model.facts().metadata()).containsEntry("faultline.external_data", "weights.bin");
    }
  }

  @Test
  void weightsThatAreMissingOrTooShortAreNamed() throws Exception {
    writeExternal();
    refusesExternal("weights.bin");
    Files.write(folder.resolve("weights.bin"), new byte[3]);
    refusesExternal("weights");
  }

  private void refusesExternal(String says) {
    var artifact = new Artifact("m", "1", folder.resolve("model.onnx"), "sha256:0000");
    LoadException refusal = catchThrowableOfType(LoadException.class, () -> new OnnxBackend().load(artifact, LoadOptions.DEFAULT));
    assertThat(refusal.code()).isEqualTo("load.external_data_missing");
    assertThat(refusal).hasMessageContaining(says);
  }

  private void writeExternal() throws Exception {
    var model = GraphBuilder.named("g").input("x", FLOAT, 2).node("plus", "Add", List.of("x", "w"), List.of("y")).output("y", FLOAT, 2).build().model().toBuilder();
    model
        .getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("w")
                .addDims(2)
                .setDataType(FLOAT.number())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("weights.bin")));
    Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }

  @Test
  void withoutOptimizationTheEngineKeepsEveryNode() throws Exception {
    GraphBuilder graph = with("a", "Relu");
    try (OnnxModel model = Models.load(graph.bytes(), new LoadOptions(2, Optimization.NONE))) {
      assertThat(model.run(List.of(Tensor.floats("x", Shape.of(2), -1, 1)), new RunControl()).outputs()).hasSize(1);
    }
  }

  @Test
  void theLibrariesUnpackOnceAndAreWholeFiles() throws Exception {
    Path once = NativeLibraries.unpack(folder.resolve("native"));
    Path library = once.resolve(System.mapLibraryName("onnxruntime"));
    Object written = Files.getAttribute(library, "unix:ino");
    NativeLibraries.unpack(once);
    assertThat(Files.getAttribute(library, "unix:ino")).isEqualTo(written);
    assertThat(once).isDirectoryContaining("glob:**onnxruntime4j_jni*");
    try (var files = Files.list(once)) {
      assertThat(files).hasSize(2);
    }
  }
}
