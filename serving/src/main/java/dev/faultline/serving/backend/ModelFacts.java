package dev.faultline.serving.backend;

import java.util.Map;

/// What a loaded model says of itself. `platform` is the Open Inference Protocol's `<project>_<format>`, `opset` that of the default
/// domain (0 when there is none), `metadata` the artifact's own key-value pairs.
public record ModelFacts(String platform, String format, int opset, int nodes, String producer, Map<String, String> metadata) {
  public ModelFacts {
    metadata = Map.copyOf(metadata);
  }
}
