package dev.faultline.testkit;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static dev.faultline.graph.ElementType.STRING;

import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Small ONNX models that a backend is tried on, each with one property worth testing.
final class BackendModels {

  private BackendModels() {}

  /// `y = x` for every data type.
  static GraphBuilder identity(DataType type) {
    ElementType element = element(type);
    return GraphBuilder.named("identity")
        .input("x", element, "batch", 2)
        .node("same", "Identity", List.of("x"), List.of("y"))
        .output("y", element, "batch", 2);
  }

  /// `difference = a - b`, `sum = a + b`.
  static GraphBuilder arithmetic() {
    return GraphBuilder.named("arithmetic")
        .input("a", FLOAT, "batch", 3)
        .input("b", FLOAT, "batch", 3)
        .node("minus", "Sub", List.of("a", "b"), List.of("difference"))
        .node("plus", "Add", List.of("a", "b"), List.of("sum"))
        .output("sum", FLOAT, "batch", 3)
        .output("difference", FLOAT, "batch", 3);
  }

  /// A table of four rows; an id beyond it makes node `lookup` fail.
  static GraphBuilder table() {
    return GraphBuilder.named("table")
        .input("ids", INT64, "batch")
        .initializer("rows", new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 4, 2)
        .node("lookup", "Gather", List.of("rows", "ids"), List.of("y"))
        .output("y", FLOAT, "batch", 2);
  }

  /// Whether each text is the one with a character beyond U+FFFF.
  static GraphBuilder recognizer(String text) {
    return GraphBuilder.named("recognizer")
        .opset("", 19)
        .input("x", STRING, "batch")
        .initializer("known", List.of(text), 1)
        .node("is_it", "Equal", List.of("x", "known"), List.of("y"))
        .output("y", BOOL, "batch");
  }

  /// Adds one to `x` as often as a `long` can count.
  static GraphBuilder endless() {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("round", INT64)
            .input("go", BOOL)
            .input("value", FLOAT)
            .node("still", "Identity", List.of("go"), List.of("go_on"))
            .node("count", "Add", List.of("value", "one"), List.of("more"))
            .output("go_on", BOOL)
            .output("more", FLOAT);
    return GraphBuilder.named("endless")
        .input("x", FLOAT)
        .initializer("rounds", new long[] {Long.MAX_VALUE})
        .initializer("yes", new boolean[] {true})
        .initializer("one", new float[] {1})
        .node("runaway", "Loop", List.of("rounds", "yes", "x"), List.of("y"), Attribute.ofBody("body", body))
        .output("y", FLOAT);
  }

  /// The model as the artifact of a version.
  static Artifact write(Path folder, String model, GraphBuilder graph) {
    return write(folder, model, graph.bytes());
  }

  static Artifact write(Path folder, String model, byte[] bytes) {
    try {
      Path file = Files.write(folder.resolve(model + ".onnx"), bytes);
      return new Artifact(model, "1", file, "sha256:0000");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ElementType element(DataType type) {
    return switch (type) {
      case BOOL -> ElementType.BOOL;
      case UINT8 -> ElementType.UINT8;
      case UINT16 -> ElementType.UINT16;
      case UINT32 -> ElementType.UINT32;
      case UINT64 -> ElementType.UINT64;
      case INT8 -> ElementType.INT8;
      case INT16 -> ElementType.INT16;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case FP16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      case FP32 -> ElementType.FLOAT;
      case FP64 -> ElementType.DOUBLE;
      case BYTES -> ElementType.STRING;
    };
  }
}
