package dev.faultline.backend.process;

import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// One run, seen from the parent. Two runs of equal inputs are two runs.
final class Run {
  private final List<Tensor> inputs;
  private final String request = CurrentRequest.find().map(CurrentRequest.Tag::request).orElse("");

  Run(List<Tensor> inputs) {
    this.inputs = List.copyOf(inputs);
  }

  List<Tensor> inputs() {
    return inputs;
  }

  /// Whose it is, by id; empty when nobody sent it.
  String request() {
    return request;
  }
}
