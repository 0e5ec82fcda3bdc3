package dev.faultline.graph;

import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Compares two constants element by element, bit for bit: NaN equals NaN, and 0 does not equal -0.
final class WeightsComparison {

  /// Elements of a slice that are told one by one.
  private static final int TOLD_MAX = 8;

  private WeightsComparison() {}

  /// The change over the whole constant; empty when there is none, also when only the way of writing it down differs.
  static Optional<Change.Weights> of(TensorProto good, TensorProto bad) {
    if (good.toBuilder().clearName().clearDocString().build().equals(bad.toBuilder().clearName().clearDocString().build())) {
      return Optional.empty();
    }
    Optional<Tensor> before = GraphConstants.tensor(good);
    Optional<Tensor> after = GraphConstants.tensor(bad);
    if (before.isEmpty() || after.isEmpty() || !before.get().shape().equals(after.get().shape()) || before.get().type() != after.get().type()) {
      return Optional.of(replaced(good, bad));
    }
    return Optional.of(slice(before.get(), after.get(), good.getName(), bad.getName(), 0, before.get().count())).filter(change -> change.differing() > 0);
  }

  /// The change in the elements from `from` to before `to` of two tensors of one type and shape.
  static Change.Weights slice(Tensor good, Tensor bad, String goodName, String badName, int from, int to) {
    long differing = 0;
    double squares = 0;
    double norm = 0;
    for (int i = from; i < to; i++) {
      if (!same(good, bad, i)) {
        differing++;
      }
      if (good.type() != DataType.BYTES) {
        double delta = good.doubleAt(i) - bad.doubleAt(i);
        squares += delta * delta;
        norm += good.doubleAt(i) * good.doubleAt(i);
      }
    }
    double change = good.type() == DataType.BYTES || norm == 0 ? 1 : Math.sqrt(squares / norm);
    List<Long> shape = extents(good);
    return new Change.Weights(badName, goodName, shape, shape, from, to, differing, change, badName + place(good, from, to), told(good, from, to), told(bad, from, to));
  }

  /// The element, or the first few in brackets.
  private static String told(Tensor tensor, int from, int to) {
    if (to - from == 1) {
      return tensor.textAt(from);
    }
    String first = IntStream.range(from, Math.min(to, from + TOLD_MAX)).mapToObj(tensor::textAt).collect(Collectors.joining(", "));
    return "[" + first + (to - from > TOLD_MAX ? ", ...]" : "]");
  }

  static boolean same(Tensor good, Tensor bad, int index) {
    return switch (good.type()) {
      case BYTES -> good.textAt(index).equals(bad.textAt(index));
      case FP16, BF16, FP32, FP64 -> Double.doubleToLongBits(good.doubleAt(index)) == Double.doubleToLongBits(bad.doubleAt(index));
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> good.longAt(index) == bad.longAt(index);
    };
  }

  private static Change.Weights replaced(TensorProto good, TensorProto bad) {
    long count = bad.getDimsList().stream().reduce(1L, (a, b) -> a * b);
    String before = type(good) + good.getDimsList().toString().replace(" ", "");
    String after = type(bad) + bad.getDimsList().toString().replace(" ", "");
    return new Change.Weights(
        bad.getName(), good.getName(), good.getDimsList(), bad.getDimsList(), 0, count, count, Double.POSITIVE_INFINITY, bad.getName(), before, after);
  }

  private static String type(TensorProto tensor) {
    return ElementType.of(tensor.getDataType()) == ElementType.FLOAT ? "" : ElementType.of(tensor.getDataType()) + " ";
  }

  /// The leading coordinates that all elements of the slice share: `[7]`, `[17]` for a row of two axes, nothing for all.
  private static String place(Tensor tensor, int from, int to) {
    if (to - from == tensor.count()) {
      return to - from == 1 && tensor.shape().rank() > 0 ? coordinates(tensor.shape().coordinates(from)) : "";
    }
    List<Long> first = tensor.shape().coordinates(from);
    List<Long> last = tensor.shape().coordinates(to - 1L);
    List<Long> shared = new ArrayList<>();
    for (int axis = 0; axis < first.size() && first.get(axis).equals(last.get(axis)); axis++) {
      shared.add(first.get(axis));
    }
    return shared.isEmpty() ? "[" + first.getFirst() + ".." + last.getFirst() + "]" : coordinates(shared);
  }

  private static String coordinates(List<Long> at) {
    return at.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  private static List<Long> extents(Tensor tensor) {
    List<Long> extents = new ArrayList<>();
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      extents.add(tensor.shape().extent(axis));
    }
    return extents;
  }
}
