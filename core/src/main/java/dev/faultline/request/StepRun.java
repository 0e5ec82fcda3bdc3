package dev.faultline.request;

import dev.faultline.fault.Stage;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// One named step of PREPROCESS or POSTPROCESS: what went in and what came out, so that it can be debugged value by value.
/// `outputs` is empty when the step failed. Summaries are worked out when asked for, so that a served request pays nothing.
public record StepRun(Stage stage, String name, String kind, List<Tensor> inputs, List<Tensor> outputs, long durationNanos) {
  public StepRun {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public List<TensorSummary> inputSummaries() {
    return inputs.stream().map(TensorSummary::of).toList();
  }

  public List<TensorSummary> outputSummaries() {
    return outputs.stream().map(TensorSummary::of).toList();
  }
}
