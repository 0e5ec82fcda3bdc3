package dev.faultline.backend.onnx;

import dev.faultline.graph.Graph;
import dev.faultline.serving.backend.ModelFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The facts of an ONNX model: what its file says, and under keys that begin with `faultline.` what we found in it.
final class OnnxFacts {

  private OnnxFacts() {}

  static ModelFacts of(Graph graph, Hazards hazards) {
    Map<String, String> metadata = new LinkedHashMap<>(graph.metadata());
    if (!graph.externalFiles().isEmpty()) {
      metadata.put("faultline.external_data", String.join(", ", graph.externalFiles()));
    }
    if (!hazards.all().isEmpty()) {
      metadata.put("faultline.hazards", hazards.all().stream().map(Hazard::toString).collect(Collectors.joining("; ")));
    }
    int opset = Math.toIntExact(graph.opsets().getOrDefault("", 0L));
    return new ModelFacts("onnx_onnxv1", "onnx", opset, graph.nodes().size(), graph.producer(), metadata);
  }
}
