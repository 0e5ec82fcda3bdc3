package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Known values in order, found by text in `BYTES` and by number in integer tensors; `BOOL` has the values `true` and `false`.
final class Vocabulary {
  static final int UNKNOWN = -1;

  private final Map<String, Integer> positionByText = new HashMap<>();
  private final boolean allIntegers;
  private final long[] sorted;
  private final int[] positions;

  Vocabulary(List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      positionByText.putIfAbsent(values.get(i), i);
    }
    this.allIntegers = values.stream().allMatch(value -> value.matches("-?\\d{1,18}"));
    List<String> numbers = allIntegers ? values : List.of();
    int[] order =
        IntStream.range(0, numbers.size()).boxed().sorted(Comparator.comparingLong(i -> Long.parseLong(numbers.get(i)))).mapToInt(i -> i).toArray();
    this.sorted = Arrays.stream(order).mapToLong(i -> Long.parseLong(numbers.get(i))).toArray();
    this.positions = order;
  }

  void require(TensorSpec spec) {
    DataType type = spec.type();
    Specs.require(!type.isFloating(), spec, "BYTES, an integer type or BOOL");
    Specs.require(!type.isInteger() || allIntegers, spec, "BYTES, since not all declared values are integers");
  }

  /// Position of the element's value, or [#UNKNOWN].
  int positionAt(Tensor tensor, int flat) {
    if (tensor.type().isInteger()) {
      int found = Arrays.binarySearch(sorted, tensor.longAt(flat));
      return found < 0 ? UNKNOWN : positions[found];
    }
    Integer found = positionByText.get(tensor.textAt(flat));
    return found == null ? UNKNOWN : found;
  }
}
