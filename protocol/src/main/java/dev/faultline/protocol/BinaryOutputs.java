package dev.faultline.protocol;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.Tensor;
import java.util.function.Predicate;

/// Which outputs the caller wants in binary: the word of the output counts before the word of the request, and JSON when there is none.
record BinaryOutputs(InferenceRequest request) implements Predicate<Tensor> {
  /// Request parameter: all outputs.
  static final String ALL = "binary_data_output";
  /// Output parameter: this output.
  static final String ONE = "binary_data";

  @Override
  public boolean test(Tensor output) {
    for (RequestedOutput asked : request.outputs()) {
      if (asked.name().equals(output.name()) && asked.parameters().get(ONE) instanceof Boolean one) {
        return one;
      }
    }
    return request.parameters().get(ALL) instanceof Boolean all && all;
  }
}
