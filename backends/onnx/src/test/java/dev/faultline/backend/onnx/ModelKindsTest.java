package dev.faultline.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.contract.TensorSpec;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Models whose inputs and outputs are not plain tensors in one file: served where the protocol can say it, refused with the reason where
/// it cannot.
final class ModelKindsTest {
  private static final float[] ROW = {1, 2, 3};

  @TempDir Path folder;
  private final OnnxBackend backend = new OnnxBackend();

  @Test
  void mapsOfProbabilitiesAreServedAsTheTensorTheyAreMadeOf() throws Exception {
    Graph zipped = declaring(classifier(Attribute.ofStrings("classlabels_strings", List.of("gull", "owl", "kite"))), "probabilities", sequenceOf(mapOf(ElementType.STRING)));
    try (LoadedModel model = load(zipped)) {
      TensorSpec spec = model.outputs().get(1);
      assertThat(spec.name() + " " + spec.type() + " " + spec.wireShape()).isEqualTo("probabilities FP32 [-1, 3]");
      assertThat(spec.columns()).containsExactly("gull", "owl", "kite");
      List<Tensor> outputs = run(model, Tensor.floats("x", Shape.of(1, 3), ROW));
      assertThat(outputs.getFirst().longAt(0)).isEqualTo(2);
      assertThat(outputs.get(1).shape()).isEqualTo(Shape.of(1, 3));
      assertThat(outputs.get(1).doubleAt(2)).isBetween(0.66, 0.67);
    }
  }

  @Test
  void classesThatAreNumbersNameTheColumnsToo() throws Exception {
    try (LoadedModel model = load(classifier(Attribute.ofInts("classlabels_int64s", 3, 1, 2)).build())) {
      assertThat(model.outputs().get(1).columns()).containsExactly("3", "1", "2");
    }
  }

  @Test
  void aSequenceOfTensorsIsRefusedWithTheWayOut() throws Exception {
    GraphBuilder pair =
        GraphBuilder.named("pair").input("x", ElementType.FLOAT, 2).node("both", "SequenceConstruct", List.of("x", "x"), List.of("pair")).output("pair");
    Graph declared = declaring(pair, "pair", sequenceOf(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)).build()));
    assertThat(refusal(declared))
        .isEqualTo(
            "load.type_unsupported: model 'm' version 1: output 'pair' is a sequence of tensors of float (expected: a tensor of a type that the Open Inference Protocol"
                + " carries); end the graph with ConcatFromSequence, or make the members outputs of their own");
    assertThat(refusal(pair.build())).as("when the file does not declare it the engine is asked").startsWith("load.type_unsupported: model 'm' version 1: output 'pair' is ");
  }

  @Test
  void aMapAsInputIsRefused() throws Exception {
    GraphBuilder vectorizer =
        GraphBuilder.named("vectorizer")
            .input("fields", ElementType.FLOAT, 1)
            .mlNode("vector", "DictVectorizer", List.of("fields"), List.of("y"), Attribute.ofStrings("string_vocabulary", List.of("a", "b")))
            .output("y", ElementType.FLOAT, 1, 2);
    Graph graph = vectorizer.build();
    GraphProto.Builder proto = graph.model().getGraph().toBuilder();
    proto.getInputBuilder(0).setType(mapOf(ElementType.STRING));
    assertThat(refusal(Graph.of(graph.model().toBuilder().setGraph(proto).build())))
        .contains("input 'fields' is a map from string to float (expected: ").endsWith("give it one tensor for each key, as columns do");
  }

  @ParameterizedTest
  @EnumSource(value = ElementType.class, names = {"INT4", "UINT4", "FLOAT8E4M3FN", "FLOAT8E5M2", "COMPLEX64", "FLOAT4E2M1"})
  void inputsAndOutputsOfTypesThatNoRequestCarriesAreRefusedByNameAndType(ElementType type) throws Exception {
    GraphBuilder identity = GraphBuilder.named("identity").opset("", 23).irVersion(11).input("x", type, 2).node("same", "Identity", List.of("x"), List.of("y")).output("y", type, 2);
    String spoken = type.name().toLowerCase(java.util.Locale.ROOT);
    assertThat(refusal(identity.build())).startsWith("load.type_unsupported: model 'm' version 1: input 'x' is a tensor of " + spoken + " (expected: ");
    GraphBuilder narrowed =
        GraphBuilder.named("narrowed").opset("", 23).irVersion(11).input("x", ElementType.FLOAT, 2).node("narrow", "Cast", List.of("x"), List.of("y"), Attribute.ofType("to", type)).output("y", type, 2);
    assertThat(refusal(narrowed.build())).startsWith("load.type_unsupported: model 'm' version 1: output 'y' is a tensor of " + spoken);
  }

  @ParameterizedTest
  @EnumSource(value = ElementType.class, names = {"INT4", "UINT4", "FLOAT8E4M3FN"})
  void anOutputWhoseTypeTheFileDoesNotDeclareIsRefusedAllTheSame(ElementType type) throws Exception {
    GraphBuilder narrowed =
        GraphBuilder.named("narrowed").opset("", 23).irVersion(11).input("x", ElementType.FLOAT, 2).node("narrow", "Cast", List.of("x"), List.of("y"), Attribute.ofType("to", type)).output("y");
    assertThat(refusal(narrowed.build())).startsWith("load.type_unsupported: model 'm' version 1: output 'y' is a tensor of ");
  }

  @Test
  void anInputThatHasAnInitializerNeedNotBeSent() throws Exception {
    GraphBuilder scaled =
        GraphBuilder.named("scaled")
            .input("x", ElementType.FLOAT, "n")
            .input("factor", ElementType.FLOAT, 1)
            .initializer("factor", new float[] {3}, 1)
            .node("times", "Mul", List.of("x", "factor"), List.of("y"))
            .output("y", ElementType.FLOAT, "n");
    try (LoadedModel model = load(scaled.build())) {
      assertThat(model.inputs()).extracting(TensorSpec::name).containsExactly("x");
      assertThat(run(model, Tensor.floats("x", Shape.of(2), 1, 2)).getFirst().doubleAt(1)).isEqualTo(6);
    }
  }

  @Test
  void scalarsAndEmptyTensorsGoThrough() throws Exception {
    GraphBuilder scalar = GraphBuilder.named("scalar").input("x", ElementType.DOUBLE).node("same", "Identity", List.of("x"), List.of("y")).output("y", ElementType.DOUBLE);
    try (LoadedModel model = load(scalar.build())) {
      Tensor y = run(model, Tensor.doubles("x", Shape.SCALAR, 4.5)).getFirst();
      assertThat(y.shape()).isEqualTo(Shape.SCALAR);
      assertThat(y.doubleAt(0)).isEqualTo(4.5);
    }
    GraphBuilder wide = GraphBuilder.named("wide").input("x", ElementType.STRING, "n", 2).node("same", "Identity", List.of("x"), List.of("y")).output("y", ElementType.STRING, "n", 2);
    try (LoadedModel model = load(wide.build())) {
      Tensor y = run(model, Tensor.strings("x", Shape.of(0, 2), List.of())).getFirst();
      assertThat(y.type()).isEqualTo(DataType.BYTES);
      assertThat(y.shape()).isEqualTo(Shape.of(0, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.bin", "/etc/passwd", "a/../../secret.bin", ".."})
  void weightsOutsideTheModelsFolderAreNeverOpened(String location) throws Exception {
    Files.write(folder.resolve("secret.bin"), new byte[16]);
    assertThat(refusal(external(location))).startsWith("load.path_outside: model 'm' version 1 keeps weights in '" + location + "' (expected: a file beside the model");
  }

  @Test
  void weightsBesideTheModelAreReadAndALinkMustStayInTheFolder() throws Exception {
    Path home = Files.createDirectories(folder.resolve("1"));
    Files.write(home.resolve("weights.bin"), ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(5).putFloat(7).array());
    try (LoadedModel model = load(external("weights.bin"))) {
      assertThat(run(model, Tensor.floats("x", Shape.of(2), 1, 1)).getFirst().doubleAt(1)).isEqualTo(7);
    }
    Files.createDirectory(home.resolve("..data"));
    Files.move(home.resolve("weights.bin"), home.resolve("..data/weights.bin"));
    Files.createSymbolicLink(home.resolve("weights.bin"), Path.of("..data", "weights.bin"));
    try (LoadedModel model = load(external("weights.bin"))) {
      assertThat(run(model, Tensor.floats("x", Shape.of(2), 1, 1)).getFirst().doubleAt(1)).as("as Kubernetes mounts a ConfigMap").isEqualTo(7);
    }
    Files.delete(home.resolve("weights.bin"));
    Files.move(home.resolve("..data/weights.bin"), folder.resolve("blob"));
    Files.createSymbolicLink(home.resolve("weights.bin"), folder.resolve("blob"));
    assertThat(refusal(external("weights.bin"))).startsWith("load.path_outside: model 'm' version 1 keeps weights in 'weights.bin', a link to '");
  }

  private static GraphBuilder classifier(Attribute labels) {
    return GraphBuilder.named("classifier")
        .input("x", ElementType.FLOAT, "rows", 3)
        .node("soft", "Softmax", List.of("x"), List.of("p"), Attribute.ofInt("axis", 1))
        .node("best", "ArgMax", List.of("p"), List.of("label"), Attribute.ofInt("axis", 1), Attribute.ofInt("keepdims", 0))
        .mlNode("zip", "ZipMap", List.of("p"), List.of("probabilities"), labels)
        .output("label", ElementType.INT64, "rows")
        .output("probabilities");
  }

  /// Adds weights from a file to `x`.
  private static Graph external(String location) {
    Graph graph =
        GraphBuilder.named("external").input("x", ElementType.FLOAT, 2).node("times", "Mul", List.of("x", "w"), List.of("y")).output("y", ElementType.FLOAT, 2)
            .initializer("w", new float[] {0, 0}, 2).build();
    TensorProto weights =
        TensorProto.newBuilder().setName("w").setDataType(1).addDims(2).setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("length").setValue("8")).build();
    return Graph.of(graph.model().toBuilder().setGraph(graph.model().getGraph().toBuilder().setInitializer(0, weights)).build());
  }

  private static Graph declaring(GraphBuilder builder, String output, TypeProto type) {
    Graph graph = builder.build();
    GraphProto.Builder proto = graph.model().getGraph().toBuilder();
    proto.getOutputBuilderList().stream().filter(value -> value.getName().equals(output)).forEach(value -> value.setType(type));
    return Graph.of(graph.model().toBuilder().setGraph(proto).build());
  }

  private static TypeProto sequenceOf(TypeProto member) {
    return TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.newBuilder().setElemType(member)).build();
  }

  private static TypeProto mapOf(ElementType key) {
    TypeProto floats = TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)).build();
    return TypeProto.newBuilder().setMapType(TypeProto.Map.newBuilder().setKeyType(key.number()).setValueType(floats)).build();
  }

  private LoadedModel load(Graph graph) throws LoadException, IOException {
    Path file = Files.createDirectories(folder.resolve("1")).resolve("model.onnx");
    Files.write(file, graph.model().toByteArray());
    return backend.load(new Artifact("m", "1", file, "sha256:0"), LoadOptions.DEFAULT);
  }

  private String refusal(Graph graph) {
    LoadException refusal = catchThrowableOfType(LoadException.class, () -> load(graph).close());
    return refusal.code() + ": " + Objects.requireNonNull(refusal.getMessage());
  }

  private static List<Tensor> run(LoadedModel model, Tensor... inputs) {
    return model.run(List.of(inputs), new RunControl()).outputs();
  }
}
