package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// The main class of child JVMs in tests: does one thing with the engine, with or without our guards.
final class EngineProcess {

  private EngineProcess() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "guarded" -> guarded();
      case "bare" -> bare();
      case "overflow" -> overflow();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.out.println("done");
  }

  private static GraphBuilder toy() {
    return GraphBuilder.named("toy").input("x", FLOAT, "n").node("same", "Identity", List.of("x"), List.of("y")).output("y", FLOAT, "n");
  }

  private static void guarded() throws Exception {
    try (OnnxModel model = Models.load(toy())) {
      model.run(List.of(Tensor.floats("x", Shape.of(1), 1)), new RunControl());
    }
  }

  private static void bare() throws Exception {
    run(toy(), Map.of("x", new float[] {1}));
  }

  private static void overflow() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("o").input("a", INT64, "n").input("b", INT64, "n").node("share", "Div", List.of("a", "b"), List.of("y")).output("y");
    run(graph, Map.of("a", new long[] {Long.MIN_VALUE}, "b", new long[] {-1}));
  }

  /// Without any code of ours between the caller and the engine.
  private static void run(GraphBuilder graph, Map<String, Object> values) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new java.util.HashMap<>();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      inputs.put(value.getKey(), OnnxTensor.createTensor(environment, value.getValue()));
    }
    try (var session = environment.createSession(graph.bytes());
        var result = session.run(inputs)) {
      System.out.println(result.size());
    }
  }
}
