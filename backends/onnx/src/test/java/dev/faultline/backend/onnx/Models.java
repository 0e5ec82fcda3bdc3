package dev.faultline.backend.onnx;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;

/// Loads and runs small models in the real engine.
final class Models {

  private static final OnnxBackend BACKEND = new OnnxBackend();

  private Models() {}

  static OnnxModel load(GraphBuilder graph) throws LoadException, IOException {
    return load(graph.bytes(), LoadOptions.DEFAULT);
  }

  static OnnxModel load(byte[] bytes, LoadOptions options) throws LoadException, IOException {
    Path file = Files.createTempFile("model", ".onnx");
    try {
      Files.write(file, bytes);
      return BACKEND.load(new Artifact("m", "1", file, "sha256:0000"), options);
    } finally {
      Files.delete(file);
    }
  }

  static LoadException refusal(GraphBuilder graph) {
    return Assertions.catchThrowableOfType(LoadException.class, () -> load(graph).close());
  }

  static RunResult run(GraphBuilder graph, Tensor... inputs) throws LoadException, IOException {
    try (OnnxModel model = load(graph)) {
      return model.run(List.of(inputs), new RunControl());
    }
  }

  static Fault fault(GraphBuilder graph, Tensor... inputs) throws LoadException, IOException {
    try (OnnxModel model = load(graph)) {
      return Assertions.catchThrowableOfType(FaultException.class, () -> model.run(List.of(inputs), new RunControl())).fault();
    }
  }

  static InferFault.NodeFailed nodeFailed(GraphBuilder graph, Tensor... inputs) throws LoadException, IOException {
    return (InferFault.NodeFailed) fault(graph, inputs);
  }
}
