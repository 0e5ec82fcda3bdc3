package dev.faultline.protocol;

import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Triton's classification extension: an output asked for with `classification: n` comes back as the `n` highest values of each row, as
/// texts `value:index` or `value:index:label`.
///
/// The first axis of an output of rank 2 or more is its batch; fewer classes than asked for are what there is.
final class Classification {
  private static final String PARAMETER = "classification";

  private Classification() {}

  /// The request, with every `classification` being a number from 1.
  ///
  /// @throws FaultException `decode.json`
  static InferenceRequest checked(InferenceRequest request) {
    for (int i = 0; i < request.outputs().size(); i++) {
      Object asked = request.outputs().get(i).parameters().get(PARAMETER);
      if (asked != null && !(asked instanceof Long count && count >= 1)) {
        throw JsonReader.fault(
            "parameter '" + PARAMETER + "' is " + Excerpt.value(asked.toString()) + " (expected: a number of classes from 1)",
            "/outputs/" + i + "/parameters/" + PARAMETER);
      }
    }
    return request;
  }

  static InferenceResponse apply(InferenceResponse response, InferenceRequest request, Labels labels) {
    if (request.outputs().stream().noneMatch(output -> output.parameters().containsKey(PARAMETER))) {
      return response;
    }
    List<Tensor> outputs = response.outputs().stream().map(output -> apply(output, request, labels.of(response.version(), output.name()))).toList();
    return new InferenceResponse(response.id(), response.version(), response.parameters(), outputs);
  }

  private static Tensor apply(Tensor output, InferenceRequest request, List<String> labels) {
    for (RequestedOutput asked : request.outputs()) {
      if (asked.name().equals(output.name()) && asked.parameters().get(PARAMETER) instanceof Long count) {
        return classes(output, count, labels);
      }
    }
    return output;
  }

  private static Tensor classes(Tensor output, long count, List<String> labels) {
    if (output.type() == DataType.BYTES) {
      String reason = "classification needs numbers, and output '" + output.name() + "' holds BYTES; ask for it without the parameter";
      throw new FaultException(new EncodeFault(reason, List.of(Field.output(output.name())), List.of()));
    }
    boolean isBatch = output.shape().rank() >= 2;
    int rows = isBatch ? (int) output.shape().extent(0) : 1;
    int width = rows == 0 ? 0 : output.count() / rows;
    int kept = (int) Math.min(count, width);
    var texts = new ArrayList<String>(rows * kept);
    for (int row = 0; row < rows; row++) {
      highest(output, row * width, width).limit(kept).forEach(index -> texts.add(text(output, index, index % width, labels)));
    }
    return Tensor.strings(output.name(), isBatch ? Shape.of(rows, kept) : Shape.of(kept), texts);
  }

  /// Flat indices of a row, highest value first; NaN is lower than any value, and of equal values the first comes first.
  private static java.util.stream.Stream<Integer> highest(Tensor output, int from, int width) {
    return IntStream.range(from, from + width).boxed().sorted(Comparator.comparingDouble(index -> rank(output.doubleAt(index))));
  }

  private static double rank(double value) {
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : -value;
  }

  /// Six decimals, as Triton writes them.
  private static String text(Tensor output, int flat, int index, List<String> labels) {
    String value = output.type().isFloating() ? String.format(Locale.ROOT, "%f", output.doubleAt(flat)) : output.textAt(flat);
    return value + ":" + index + (index < labels.size() ? ":" + labels.get(index) : "");
  }
}
