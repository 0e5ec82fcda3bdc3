package dev.faultline.backend.onnx;

import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Launderer;
import dev.faultline.graph.Launderers;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.FiniteScan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An inner value that is brought out of the engine unseen by callers, because `swallowedBy` would turn its NaN or infinity into
/// something that looks sound.
record Watch(String value, NodeRef producer, NodeRef swallowedBy) {

  /// Each watched value is kept in memory to the end of a run and blocks a fusion, so a graph full of launderers (a quantized one, say)
  /// is watched at the last ones only: those are closest to an answer.
  static final int WATCHES_MAX = 16;

  static List<Watch> of(Graph graph) {
    Map<String, Watch> watches = new LinkedHashMap<>();
    for (Launderer launderer : Launderers.find(graph)) {
      graph
          .findProducer(launderer.watch())
          .ifPresent(
              producer ->
                  watches.putIfAbsent(
                      launderer.watch(),
                      new Watch(
                          launderer.watch(),
                          SourceNodes.ref(producer, launderer.watch()),
                          SourceNodes.ref(launderer.node(), SourceNodes.firstOutput(launderer.node())))));
    }
    List<Watch> all = List.copyOf(watches.values());
    return all.subList(Math.max(0, all.size() - WATCHES_MAX), all.size());
  }

  /// What this watch saw. A value that is finite throughout hides nothing, so it is not even copied.
  Optional<Watched> look(OnnxValue seen) throws OrtException {
    return FiniteScan.allFinite(TensorFromOrt.view(value, seen))
        ? Optional.empty()
        : Optional.of(new Watched(TensorFromOrt.copy(value, seen), producer, swallowedBy));
  }
}
