package dev.faultline.graph;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.graph.GraphException.Problem;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GraphReaderTest {

  @Test
  void modelOfAnotherLibraryComesBackByteForByte() {
    byte[] bytes = TrainedModel.bytes();
    Graph graph = GraphReader.read(bytes);
    assertThat(graph.producer()).startsWith("Tribuo");
    assertThat(graph.inputs()).extracting(Value::element).containsExactly(FLOAT);
    assertThat(graph.nodes()).extracting(Node::op).contains("Gemm", "Softmax");
    assertThat(GraphWriter.bytes(graph)).isEqualTo(bytes);
  }

  @Test
  void modelFileIsRead(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("model.onnx");
    GraphWriter.write(GraphReader.read(TrainedModel.bytes()), file);
    assertThat(GraphReader.read(file).nodes()).isNotEmpty();
  }

  @Test
  void missingFileIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("absent.onnx");
    GraphException e = catchThrowableOfType(GraphException.class, () -> GraphReader.read(file));
    assertThat(e.problem()).isEqualTo(Problem.UNREADABLE);
    assertThat(e).hasMessageContaining("absent.onnx").hasMessageContaining("NoSuchFileException");
  }

  @Test
  void problemsOfAFileNameTheFile(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("page.onnx");
    Files.writeString(file, "<!DOCTYPE html><html><body>Please log in</body></html>");
    GraphException e = catchThrowableOfType(GraphException.class, () -> GraphReader.read(file));
    assertThat(e).hasMessageContaining("page.onnx is a web page").hasMessageContaining("expected: an ONNX model");
  }

  @Test
  void emptyBytesAreEmpty() {
    assertThat(problem(new byte[0])).isEqualTo(Problem.EMPTY);
  }

  @Test
  void cutModelIsDamagedAndItsSizeIsNamed() {
    byte[] bytes = Arrays.copyOf(TrainedModel.bytes(), 200);
    GraphException e = catchThrowableOfType(GraphException.class, () -> GraphReader.read(bytes));
    assertThat(e.problem()).isEqualTo(Problem.DAMAGED);
    assertThat(e).hasMessageContaining("200 bytes").hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void modelCutBetweenItsGraphAndItsOperatorSetsIsDamaged() {
    byte[] bytes = GraphReader.read(TrainedModel.bytes()).model().toBuilder().clearOpsetImport().build().toByteArray();
    assertThat(problem(bytes)).isEqualTo(Problem.DAMAGED);
  }

  @Test
  void modelWithoutGraphHasNoGraph() {
    assertThat(problem(ModelProto.newBuilder().setIrVersion(9).build().toByteArray())).isEqualTo(Problem.NO_GRAPH);
  }

  static Stream<Arguments> otherFormats() {
    return Stream.of(
        Arguments.of("  <html><head>", "web page"),
        Arguments.of("<?xml version='1.0'?>", "XML"),
        Arguments.of("{\"error\": \"not found\"}", "JSON"),
        Arguments.of("version https://git-lfs.github.com/spec/v1\noid sha256:00", "Git LFS"),
        Arguments.of("\u0080\u0004\u0095\u0001\u0000", "Python pickle"),
        Arguments.of("PK\u0003\u0004\u0014\u0000", "ZIP"),
        Arguments.of("\u001f\u008b\u0008\u0000", "gzip"),
        Arguments.of("\u0089HDF\r\n\u001a\n", "HDF5"),
        Arguments.of("\u001c\u0000\u0000\u0000TFL3", "TensorFlow Lite"),
        Arguments.of("\u001c\u0000\u0000\u0000ORTM", "ONNX Runtime's own format"),
        Arguments.of("GGUF\u0003\u0000", "GGUF"),
        Arguments.of("@\u0000\u0000\u0000\u0000\u0000\u0000\u0000{\"__metadata__\":{}}", "safetensors"));
  }

  @ParameterizedTest
  @MethodSource("otherFormats")
  void otherFormatIsRecognised(String content, String name) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    GraphException e = catchThrowableOfType(GraphException.class, () -> GraphReader.read(bytes));
    assertThat(e.problem()).isEqualTo(Problem.OTHER_FORMAT);
    assertThat(e).hasMessageContaining(name);
  }

  @Test
  void producerNameThatLooksLikeAnotherFormatDoesNotMislead() {
    Graph graph = GraphBuilder.named("m").producer("ORTM", "1").build();
    assertThat(GraphReader.read(GraphWriter.bytes(graph)).producer()).isEqualTo("ORTM 1");
  }

  @Test
  void anyTruncationOrMutationEndsInAGraphOrAGraphException() {
    long seed = Long.getLong("faultline.seed", System.nanoTime());
    System.out.println("GraphReaderTest mutates with -Dfaultline.seed=" + seed);
    Random random = new Random(seed);
    List<byte[]> originals = List.of(TrainedModel.bytes(), control());
    int graphs = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = mutated(originals.get(i % originals.size()), random);
      try {
        Graph graph = NodeNames.complete(GraphReader.read(bytes));
        Launderers.find(graph);
        GraphTap.tapFloats(graph);
        GraphSlice.of(graph, graph.nodes().stream().flatMap(node -> node.writes().stream()).limit(3).toList());
        graphs++;
      } catch (GraphException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("mutation " + i + " of seed " + seed, e);
      }
    }
    assertThat(graphs).as("mutations that still parse").isBetween(1, 20_000 - 1);
  }

  @Test
  void bodiesNestedWithoutEndAreRefused() {
    GraphProto.Builder body = GraphProto.newBuilder();
    GraphBuilder nested = GraphBuilder.named("b");
    for (int i = 0; i < 200; i++) {
      nested = GraphBuilder.named("b").node("", "If", List.of("c"), List.of("y"), Attribute.ofBody("then_branch", nested));
    }
    byte[] bytes = ModelProto.newBuilder().setIrVersion(2).setGraph(body.addAllNode(nested.body().getNodeList())).build().toByteArray();
    assertThat(problem(bytes)).isEqualTo(Problem.DAMAGED);
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(original, random.nextInt(original.length)) : original.clone();
    for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /// A small model with bodies, classifiers, strings and casts, so that mutations meet every reader of attributes.
  private static byte[] control() {
    GraphBuilder yes = GraphBuilder.named("yes").node("", "Greater", List.of("h", "x"), List.of("t")).output("t");
    GraphBuilder no = GraphBuilder.named("no").node("", "Cast", List.of("h"), List.of("e"), Attribute.ofType("to", BOOL)).output("e");
    return GraphBuilder.named("m")
        .input("x", FLOAT, "batch", 3)
        .input("flag", BOOL)
        .initializer("names", List.of("a", "b"), 2)
        .node("", "Log", List.of("x"), List.of("h"))
        .node("", "Constant", List.of(), List.of("k"), Attribute.ofTensor("value", new long[] {1}, 1))
        .node("", "TopK", List.of("h", "k"), List.of("top", "index"))
        .node("", "If", List.of("flag"), List.of("y"), Attribute.ofBody("then_branch", yes), Attribute.ofBody("else_branch", no))
        .mlNode("", "LinearClassifier", List.of("h"), List.of("label", "scores"), Attribute.ofStrings("classlabels_strings", List.of("u", "v")))
        .output("y").output("label").output("index")
        .bytes();
  }

  private static Problem problem(byte[] bytes) {
    return catchThrowableOfType(GraphException.class, () -> GraphReader.read(bytes)).problem();
  }
}
