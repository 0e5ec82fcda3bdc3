package dev.faultline.isolation.localize;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/// What operators refuse: given a node that failed and what it was given, the elements or shapes that its operator does not take.
///
/// Each rule is a sentence of the ONNX operator's specification, asked of the operands of this run. Nothing is found where no rule
/// applies; nothing is ever guessed from the engine's words. Broadcasting is NumPy's: extents are compared from the last axis on.
///
/// Longer than most files because the table is read as a whole.
final class ThrowRules {

  /// Elements named for one operand; more say nothing new.
  static final int FLAWS_MAX = 16;

  private static final Set<String> BROADCAST =
      Set.of(
          "Add", "Sub", "Mul", "Div", "Pow", "Mod", "And", "Or", "Xor", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Min", "Max",
          "Mean", "Sum", "Where", "PRelu", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Expand");

  private ThrowRules() {}

  static List<Flaw> flaws(Given given) {
    String op = given.node().op();
    return switch (op) {
      case "Gather" -> gather(given);
      case "GatherElements", "ScatterElements", "Scatter" -> alongAxis(given, axis(given, 0));
      case "GatherND", "ScatterND" -> indexTuples(given);
      case "Div", "Mod" -> or(divisor(given), broadcast(given));
      case "Cast" -> text(given);
      case "Reshape" -> reshape(given);
      case "Concat" -> concat(given);
      case "MatMul", "MatMulInteger" -> matMul(given);
      case "Gemm" -> gemm(given);
      case "Conv", "ConvInteger" -> conv(given);
      case "Slice" -> slice(given);
      case "Split" -> split(given);
      case "Squeeze" -> squeeze(given);
      case "Transpose" -> transpose(given);
      case "TopK" -> topK(given);
      case "Expand" -> expand(given);
      case "Tile" -> or(elements(given, 1, value -> value < 0, "repeats", "0 or more"), lengths(given, 1));
      case "OneHot" -> elements(given, 1, value -> value <= 0, "depth", "1 or more");
      case "Range" -> elements(given, 2, value -> value == 0, "step", "not 0");
      case "ConstantOfShape" -> elements(given, 0, value -> value < 0, "extent", "0 or more");
      case "Unsqueeze" -> axes(given, 1);
      default -> BROADCAST.contains(op) ? broadcast(given) : List.of();
    };
  }

  private static List<Flaw> gather(Given given) {
    return given.shape(0).map(data -> outside(given, 1, extent(data, axis(given, 0)))).orElse(List.of());
  }

  private static List<Flaw> alongAxis(Given given, long axis) {
    Optional<Shape> data = given.shape(0);
    Optional<Shape> indices = given.shape(1);
    if (data.isPresent() && indices.isPresent() && data.get().rank() != indices.get().rank()) {
      return List.of(
          Flaw.ofShape(1, given.name(1) + " has shape " + indices.get() + " and " + given.name(0) + " has shape " + data.get(), indices.get().toString(),
              data.get().rank() + " axes"));
    }
    return data.map(shape -> outside(given, 1, extent(shape, axis))).orElse(List.of());
  }

  /// The last axis of the indices holds coordinates.
  private static List<Flaw> indexTuples(Given given) {
    long batch = given.attributes().integer("batch_dims", 0);
    Optional<Shape> data = given.shape(0);
    Optional<Tensor> indices = given.tensor(1);
    if (data.isEmpty() || indices.isEmpty() || indices.get().shape().rank() == 0) {
      return List.of();
    }
    Tensor tuples = indices.get();
    int width = (int) tuples.shape().lastExtent();
    if (batch + width > data.get().rank()) {
      return List.of(
          Flaw.ofShape(1, "indices of " + width + " coordinates into " + given.name(0) + " " + data.get(), "" + width, "at most " + (data.get().rank() - batch)));
    }
    List<Flaw> flaws = new ArrayList<>();
    for (int flat = 0; flat < tuples.count() && flaws.size() < FLAWS_MAX; flat++) {
      long extent = data.get().extent((int) batch + flat % width);
      if (tuples.longAt(flat) < -extent || tuples.longAt(flat) >= extent) {
        flaws.add(outside(given, 1, tuples, flat, extent));
      }
    }
    return flaws;
  }

  private static List<Flaw> outside(Given given, int position, OptionalLong extent) {
    if (extent.isEmpty()) {
      return List.of();
    }
    long size = extent.getAsLong();
    return where(given, position, (tensor, flat) -> tensor.longAt(flat) < -size || tensor.longAt(flat) >= size)
        .stream().map(flat -> outside(given, position, given.tensor(position).orElseThrow(), flat, size)).toList();
  }

  private static Flaw outside(Given given, int position, Tensor indices, int flat, long extent) {
    String allowed = extent == 0 ? "none, for there is nothing to pick from" : -extent + " to " + (extent - 1);
    String words = "index " + indices.textAt(flat) + Given.at(indices, flat) + " is outside the " + extent + " of " + given.name(0) + " (expected: " + allowed + ")";
    return new Flaw(position, flat, words, indices.textAt(flat), allowed);
  }

  private static List<Flaw> divisor(Given given) {
    Optional<Tensor> divisor = given.tensor(1);
    if (divisor.isEmpty() || divisor.get().type().isFloating()) {
      return List.of();
    }
    List<Flaw> zeros =
        where(given, 1, (tensor, flat) -> tensor.longAt(flat) == 0).stream()
            .map(flat -> new Flaw(1, flat, "the divisor is 0" + Given.at(divisor.get(), flat), "0", "not 0"))
            .toList();
    return or(zeros, overflow(given, divisor.get()));
  }

  private static List<Flaw> overflow(Given given, Tensor divisor) {
    Optional<Tensor> dividend = given.tensor(0);
    if (dividend.isEmpty() || !(divisor.type() == DataType.INT32 || divisor.type() == DataType.INT64)) {
      return List.of();
    }
    long smallest = divisor.type() == DataType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
    List<Integer> overflowing = where(given, 0, (tensor, flat) -> tensor.longAt(flat) == smallest);
    List<Integer> minusOne = where(given, 1, (tensor, flat) -> tensor.longAt(flat) == -1);
    if (overflowing.isEmpty() || minusOne.isEmpty()) {
      return List.of();
    }
    String words = "the smallest " + divisor.type() + " divided by -1 is no " + divisor.type();
    return List.of(
        new Flaw(1, minusOne.getFirst(), words, "-1", "not -1 for " + smallest), new Flaw(0, overflowing.getFirst(), words, "" + smallest, "more than that"));
  }

  private static List<Flaw> text(Given given) {
    Optional<Tensor> text = given.tensor(0).filter(tensor -> tensor.type() == DataType.BYTES);
    return text.isEmpty()
        ? List.of()
        : where(given, 0, (tensor, flat) -> !isNumber(tensor.textAt(flat))).stream()
            .map(flat -> new Flaw(0, flat, "text '" + text.get().textAt(flat) + "'" + Given.at(text.get(), flat) + " is no number", text.get().textAt(flat), "a number"))
            .toList();
  }

  private static boolean isNumber(String text) {
    return text.strip().matches("[+-]?(?:\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?|(?i:inf(?:inity)?|nan))");
  }

  private static List<Flaw> reshape(Given given) {
    Optional<Shape> data = given.shape(0);
    List<Long> wanted = given.numbers(1);
    if (data.isEmpty() || given.tensor(1).isEmpty()) {
      return List.of();
    }
    boolean zeroIsZero = given.attributes().integer("allowzero", 0) != 0;
    long product = 1;
    boolean open = false;
    for (int axis = 0; axis < wanted.size(); axis++) {
      long extent = wanted.get(axis);
      boolean copied = extent == 0 && !zeroIsZero;
      if (copied && axis >= data.get().rank()) {
        return List.of(new Flaw(1, axis, "extent 0 of axis " + axis + " copies an axis that " + given.name(0) + " " + data.get() + " does not have", "0", "an extent"));
      }
      open |= extent == -1;
      product *= extent == -1 ? 1 : copied ? data.get().extent(axis) : extent;
    }
    long count = data.get().elementCount();
    boolean fits = open ? product != 0 && count % product == 0 : product == count;
    String asked = wanted.toString().replace(" ", "");
    return fits ? List.of() : List.of(
        Flaw.ofShape(0, given.name(0) + " " + data.get() + " has " + count + " elements, which " + asked + " cannot hold", data.get().toString(), asked),
        Flaw.ofShape(1, "asked for shape " + asked + " of " + count + " elements", asked, count + " elements"));
  }

  private static List<Flaw> concat(Given given) {
    Optional<Shape> first = given.shape(0);
    for (int position = 1; first.isPresent() && position < given.count(); position++) {
      Optional<Shape> other = given.shape(position);
      if (other.isPresent() && !joins(first.get(), other.get(), axis(given, 0))) {
        String words = given.name(position) + " " + other.get() + " cannot be joined to " + given.name(0) + " " + first.get() + " along axis " + axis(given, 0);
        return pair(position, words, other.get(), 0, first.get());
      }
    }
    return List.of();
  }

  private static boolean joins(Shape a, Shape b, long axis) {
    return a.rank() == b.rank() && IntStream.range(0, a.rank()).allMatch(i -> i == normal(axis, a.rank()) || a.extent(i) == b.extent(i));
  }

  private static List<Flaw> matMul(Given given) {
    Optional<Shape> a = given.shape(0);
    Optional<Shape> b = given.shape(1);
    if (a.isEmpty() || b.isEmpty() || a.get().rank() == 0 || b.get().rank() == 0) {
      return List.of();
    }
    return inner(given, a.get(), a.get().lastExtent(), b.get(), b.get().extent(Math.max(0, b.get().rank() - 2)));
  }

  private static List<Flaw> gemm(Given given) {
    Optional<Shape> a = given.shape(0);
    Optional<Shape> b = given.shape(1);
    if (a.isEmpty() || b.isEmpty() || a.get().rank() != 2 || b.get().rank() != 2) {
      return List.of();
    }
    long inA = a.get().extent(given.attributes().integer("transA", 0) == 0 ? 1 : 0);
    long inB = b.get().extent(given.attributes().integer("transB", 0) == 0 ? 0 : 1);
    return or(inner(given, a.get(), inA, b.get(), inB), List.of());
  }

  private static List<Flaw> inner(Given given, Shape a, long inA, Shape b, long inB) {
    String words = given.name(0) + " " + a + " times " + given.name(1) + " " + b + ": " + inA + " columns against " + inB + " rows";
    return inA == inB ? List.of() : pair(0, words, a, 1, b);
  }

  private static List<Flaw> conv(Given given) {
    Optional<Shape> x = given.shape(0);
    Optional<Shape> w = given.shape(1);
    if (x.isEmpty() || w.isEmpty() || x.get().rank() < 3 || w.get().rank() < 3) {
      return List.of();
    }
    long channels = w.get().extent(1) * given.attributes().integer("group", 1);
    String words = given.name(0) + " " + x.get() + " has " + x.get().extent(1) + " channels and " + given.name(1) + " " + w.get() + " takes " + channels;
    return x.get().extent(1) == channels && x.get().rank() == w.get().rank() ? List.of() : pair(0, words, x.get(), 1, w.get());
  }

  private static List<Flaw> slice(Given given) {
    List<Flaw> steps = elements(given, 4, value -> value == 0, "step", "not 0");
    return or(steps, or(axes(given, 3), lengths(given, given.tensor(3).isPresent() ? 3 : -1)));
  }

  private static List<Flaw> split(Given given) {
    Optional<Shape> data = given.shape(0);
    List<Long> sizes = given.tensor(1).isPresent() ? given.numbers(1) : given.attributes().integers("split");
    OptionalLong extent = data.map(shape -> extent(shape, axis(given, 0))).orElse(OptionalLong.empty());
    if (sizes.isEmpty() || extent.isEmpty()) {
      return List.of();
    }
    long sum = sizes.stream().mapToLong(Long::longValue).sum();
    List<Flaw> negative = elements(given, 1, value -> value < 0, "size", "0 or more");
    String words = "sizes " + sizes + " add up to " + sum + ", and axis " + axis(given, 0) + " of " + given.name(0) + " has " + extent.getAsLong();
    return or(negative, sum == extent.getAsLong() ? List.of() : List.of(
        Flaw.ofShape(0, words, data.orElseThrow().toString(), sum + " along axis " + axis(given, 0)), Flaw.ofShape(1, words, sizes.toString(), "" + extent.getAsLong())));
  }

  private static List<Flaw> squeeze(Given given) {
    Optional<Shape> data = given.shape(0);
    List<Long> axes = given.tensor(1).isPresent() ? given.numbers(1) : given.attributes().integers("axes");
    return data.isEmpty() ? List.of() : axes.stream()
        .filter(axis -> extent(data.get(), axis).orElse(1) != 1)
        .map(axis -> Flaw.ofShape(0, "axis " + axis + " of " + given.name(0) + " " + data.get() + " is not 1", data.get().toString(), "extent 1 at axis " + axis))
        .toList();
  }

  private static List<Flaw> transpose(Given given) {
    int order = given.attributes().integers("perm").size();
    return given.shape(0)
        .filter(data -> order > 0 && data.rank() != order)
        .map(data -> List.of(Flaw.ofShape(0, given.name(0) + " " + data + " has " + data.rank() + " axes and " + order + " are to be permuted", data.toString(), order + " axes")))
        .orElse(List.of());
  }

  private static List<Flaw> topK(Given given) {
    OptionalLong extent = given.shape(0).map(data -> extent(data, axis(given, -1))).orElse(OptionalLong.empty());
    return extent.isEmpty() ? List.of() : elements(given, 1, value -> value < 0 || value > extent.getAsLong(), "k", "0 to " + extent.getAsLong());
  }

  private static List<Flaw> expand(Given given) {
    Optional<Shape> data = given.shape(0);
    if (data.isEmpty() || given.tensor(1).isEmpty()) {
      return List.of();
    }
    List<Flaw> negative = elements(given, 1, value -> value < 0, "extent", "0 or more");
    if (!negative.isEmpty()) {
      return negative;
    }
    Shape wanted = Shape.of(given.numbers(1).stream().mapToLong(Long::longValue).toArray());
    return compatible(data.get(), wanted) ? List.of() : pair(0, given.name(0) + " " + data.get() + " cannot be expanded to " + wanted, data.get(), 1, wanted);
  }

  private static List<Flaw> axes(Given given, int position) {
    int rank = given.shape(0).map(Shape::rank).orElse(Integer.MAX_VALUE / 2) + (given.node().op().equals("Unsqueeze") ? given.numbers(position).size() : 0);
    return elements(given, position, value -> value < -rank || value >= rank, "axis", -rank + " to " + (rank - 1));
  }

  /// Parameters that come in equal numbers.
  private static List<Flaw> lengths(Given given, int position) {
    boolean tile = given.node().op().equals("Tile");
    long expected = tile ? given.shape(0).map(Shape::rank).orElse(-1) : given.shape(1).map(Shape::elementCount).orElse(-1L);
    return given.shape(position)
        .filter(shape -> expected >= 0 && shape.elementCount() != expected)
        .map(shape -> List.of(Flaw.ofShape(position, given.name(position) + " has " + shape.elementCount() + " elements (expected: " + expected + ")", shape.toString(), "[" + expected + "]")))
        .orElse(List.of());
  }

  private static List<Flaw> broadcast(Given given) {
    for (int a = 0; a < given.count(); a++) {
      for (int b = a + 1; b < given.count(); b++) {
        Optional<Shape> left = given.shape(a);
        Optional<Shape> right = given.shape(b);
        if (left.isPresent() && right.isPresent() && !compatible(left.get(), right.get())) {
          return pair(a, given.name(a) + " " + left.get() + " does not broadcast with " + given.name(b) + " " + right.get(), left.get(), b, right.get());
        }
      }
    }
    return List.of();
  }

  private static boolean compatible(Shape a, Shape b) {
    return IntStream.rangeClosed(1, Math.min(a.rank(), b.rank()))
        .allMatch(i -> a.extent(a.rank() - i) == b.extent(b.rank() - i) || a.extent(a.rank() - i) == 1 || b.extent(b.rank() - i) == 1);
  }

  private static List<Flaw> pair(int a, String words, Shape left, int b, Shape right) {
    return List.of(Flaw.ofShape(a, words, left.toString(), "a shape that fits " + right), Flaw.ofShape(b, words, right.toString(), "a shape that fits " + left));
  }

  private static List<Flaw> elements(Given given, int position, LongPredicate offends, String role, String want) {
    return where(given, position, (tensor, flat) -> offends.test(tensor.longAt(flat))).stream()
        .map(flat -> {
          Tensor tensor = given.tensor(position).orElseThrow();
          return new Flaw(position, flat, role + " " + tensor.textAt(flat) + Given.at(tensor, flat) + " (expected: " + want + ")", tensor.textAt(flat), want);
        })
        .toList();
  }

  /// Picks elements of a tensor.
  @FunctionalInterface
  private interface Pick {
    boolean at(Tensor tensor, int flat);
  }

  private static List<Integer> where(Given given, int position, Pick pick) {
    return given.tensor(position)
        .map(tensor -> IntStream.range(0, tensor.count()).filter(flat -> pick.at(tensor, flat)).limit(FLAWS_MAX).boxed().toList())
        .orElse(List.of());
  }

  private static List<Flaw> or(List<Flaw> first, List<Flaw> second) {
    return first.isEmpty() ? second : first;
  }

  private static long axis(Given given, long otherwise) {
    return given.attributes().integer("axis", otherwise);
  }

  private static OptionalLong extent(Shape shape, long axis) {
    long normal = normal(axis, shape.rank());
    return normal >= 0 && normal < shape.rank() ? OptionalLong.of(shape.extent((int) normal)) : OptionalLong.empty();
  }

  private static long normal(long axis, int rank) {
    return axis < 0 ? axis + rank : axis;
  }
}
