package dev.faultline.serving.stage;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The promises about one output, made ready at load.
///
/// Longer than most: one short method for each kind of promise. A value that is not finite breaks one promise only: a range, a sum or a set of values that
/// cannot hold NaN counts as a promise of finiteness, in its own mode.
final class OutputPlan {

  /// Where NaN breaks a promise, and whether the infinities do.
  private record FinitePromise(int column, boolean infinitiesToo, Mode mode) {
    boolean covers(int flat, int width, boolean isNan) {
      return (isNan || infinitiesToo) && (column < 0 || flat % width == column);
    }
  }

  private record RangePromise(int column, double min, double max, BoundsScan bounds, Mode mode) {}

  private record ValuesPromise(int column, Expectation.AllowedValues promise, AllowedNumbers numbers, AllowedTexts texts) {}

  private final TensorSpec spec;
  private final boolean hidden;
  private final List<FinitePromise> finite = new ArrayList<>();
  private final List<RangePromise> ranges = new ArrayList<>();
  private final List<Expectation.Sum> sums = new ArrayList<>();
  private final List<Expectation.OfShape> shapes = new ArrayList<>();
  private final List<ValuesPromise> values = new ArrayList<>();

  OutputPlan(TensorSpec spec, List<Expectation> promises, Predicate<FieldRef> isHidden) {
    this.spec = spec;
    this.hidden = isHidden.test(FieldRef.of(spec.name())) || spec.columns().stream().anyMatch(each -> isHidden.test(new FieldRef(spec.name(), each)));
    for (Expectation promise : promises) {
      int column = spec.columns().indexOf(promise.field().column());
      if (column >= 0 || promise.field().isWholeTensor()) { // a column that is not there: the contract's reader has warned
        add(promise, column);
      }
    }
  }

  boolean isHidden() {
    return hidden;
  }

  /// Adds what the output broke. `symbols` holds the extents of symbolic dimensions known so far and learns those that it lacks.
  void check(Tensor output, Map<String, Long> symbols, List<Broken> broken) {
    checkFinite(output, broken);
    for (RangePromise range : ranges) {
      checkRange(output, range, broken);
    }
    for (Expectation.OfShape shape : shapes) {
      checkShape(output, shape, symbols, broken);
    }
    for (Expectation.Sum sum : sums) {
      checkSum(output, sum, broken);
    }
    for (ValuesPromise each : values) {
      checkValues(output, each, broken);
    }
  }

  private void add(Expectation promise, int column) {
    switch (promise) {
      case Expectation.Finite each -> finite.add(new FinitePromise(column, true, each.mode()));
      case Expectation.Range each -> {
        double min = Precision.of(spec.type(), each.min());
        double max = Precision.of(spec.type(), each.max());
        ranges.add(new RangePromise(column, min, max, bounds(column, min, max), each.mode()));
        finite.add(new FinitePromise(column, false, each.mode()));
      }
      case Expectation.Sum each -> {
        sums.add(each);
        finite.add(new FinitePromise(column, true, each.mode()));
      }
      case Expectation.OfShape each -> shapes.add(each);
      case Expectation.AllowedValues each -> {
        values.add(new ValuesPromise(column, each, AllowedNumbers.of(spec.type(), each.values()), AllowedTexts.of(each.values())));
        finite.add(new FinitePromise(column, false, each.mode()));
      }
    }
  }

  private BoundsScan bounds(int column, double min, double max) {
    int width = column < 0 ? 1 : spec.columns().size();
    return BoundsScan.of(
        IntStream.range(0, width).mapToDouble(each -> column < 0 || each == column ? min : Double.NEGATIVE_INFINITY),
        IntStream.range(0, width).mapToDouble(each -> column < 0 || each == column ? max : Double.POSITIVE_INFINITY));
  }

  private void checkFinite(Tensor output, List<Broken> broken) {
    int at = finite.isEmpty() ? -1 : FiniteScan.next(output, 0);
    if (at < 0) {
      return;
    }
    var elements = new BrokenElements(output);
    for (; at >= 0; at = FiniteScan.next(output, at + 1)) {
      Mode mode = strictestFinite(output, at);
      if (mode != null) {
        elements.add(at, mode);
      }
    }
    report(elements, FaultCode.CHECK_NONFINITE, "a finite number", broken);
  }

  private @Nullable Mode strictestFinite(Tensor output, int flat) {
    boolean isNan = Double.isNaN(output.doubleAt(flat));
    int width = width(output);
    Mode strictest = null;
    for (FinitePromise promise : finite) {
      if (strictest != Mode.ENFORCE && promise.covers(flat, width, isNan)) {
        strictest = promise.mode;
      }
    }
    return strictest;
  }

  private void checkRange(Tensor output, RangePromise range, List<Broken> broken) {
    if (!(output.elements() instanceof Elements.Fixed numbers) || !columnFits(output, range.column)) {
      return;
    }
    ByteBuffer bytes = numbers.bytes();
    @Nullable BrokenElements elements = null;
    for (int at = range.bounds.next(output, bytes, 0); at >= 0; at = range.bounds.next(output, bytes, at + 1)) {
      if (output.isFiniteAt(at) || isInfiniteAndNotReported(output, at, range.column)) {
        elements = elements == null ? new BrokenElements(output) : elements;
        elements.add(at, range.mode);
      }
    }
    if (elements != null) {
      report(elements, FaultCode.CHECK_RANGE, Shown.range(range.min, range.max), broken);
    }
  }

  private boolean isInfiniteAndNotReported(Tensor output, int flat, int column) {
    boolean inColumn = column < 0 || flat % width(output) == column;
    return inColumn && Double.isInfinite(output.doubleAt(flat)) && strictestFinite(output, flat) == null;
  }

  private void checkShape(Tensor output, Expectation.OfShape promise, Map<String, Long> symbols, List<Broken> broken) {
    if (!fits(output.shape(), promise.dimensions(), symbols)) {
      String want = promise.dimensions().stream().map(each -> shown(each, symbols)).collect(Collectors.joining(",", "[", "]"));
      var at = Field.output(output.name());
      broken.add(new Broken(FaultCode.CHECK_SHAPE, output, at, "of shape " + output.shape(), want, 1, promise.mode(), new BitSet(), 0));
    }
  }

  private static boolean fits(Shape shape, List<Dimension> dimensions, Map<String, Long> symbols) {
    if (shape.rank() != dimensions.size()) {
      return false;
    }
    boolean fits = true;
    for (int axis = 0; axis < shape.rank(); axis++) {
      long extent = shape.extent(axis);
      fits &= switch (dimensions.get(axis)) {
        case Dimension.Fixed(long wanted) -> extent == wanted;
        case Dimension.Symbolic(String symbol) -> symbols.computeIfAbsent(symbol, _ -> extent) == extent;
        case Dimension.Free() -> true;
      };
    }
    return fits;
  }

  private static String shown(Dimension dimension, Map<String, Long> symbols) {
    return dimension instanceof Dimension.Symbolic(String symbol) && symbols.containsKey(symbol) ? symbol + "=" + symbols.get(symbol) : dimension.toString();
  }

  private void checkSum(Tensor output, Expectation.Sum promise, List<Broken> broken) {
    int width = width(output);
    if (output.type() == DataType.BYTES || width == 0) {
      return;
    }
    @Nullable BrokenElements groups = null;
    double firstSum = 0;
    for (int start = 0; start < output.count(); start += width) {
      double sum = sum(output, start, width);
      if (Double.isFinite(sum) && Math.abs(sum - promise.total()) > promise.tolerance()) {
        firstSum = groups == null ? sum : firstSum;
        groups = groups == null ? new BrokenElements(output) : groups;
        groups.add(start, promise.mode());
      }
    }
    if (groups != null) {
      String want = Shown.number(promise.total()) + " within " + Shown.number(promise.tolerance());
      String got = hidden ? Shown.REDACTED : Shown.number(firstSum) + " in sum";
      broken.add(groups.broken(FaultCode.CHECK_SUM, groupField(output, groups.first()), got, want));
    }
  }

  private static double sum(Tensor output, int start, int width) {
    double sum = 0;
    for (int at = start; at < start + width; at++) {
      sum += output.doubleAt(at);
    }
    return sum;
  }

  /// The coordinates without the last axis, over which the sum goes.
  private static Field groupField(Tensor output, int flat) {
    long[] extents = output.shape().toArray();
    Shape leading = Shape.of(Arrays.copyOf(extents, Math.max(0, extents.length - 1)));
    return Field.outputElement(output.name(), leading, flat / output.shape().lastExtent(), List.of());
  }

  private void checkValues(Tensor output, ValuesPromise promise, List<Broken> broken) {
    if (!columnFits(output, promise.column)) {
      return;
    }
    int step = promise.column < 0 ? 1 : width(output);
    @Nullable BrokenElements elements = null;
    for (int at = Math.max(0, promise.column); at < output.count(); at += step) {
      if (!isAllowed(output, at, promise)) {
        elements = elements == null ? new BrokenElements(output) : elements;
        elements.add(at, promise.promise.mode());
      }
    }
    if (elements != null) {
      report(elements, FaultCode.CHECK_VALUES, Shown.values(promise.promise.values()), broken);
    }
  }

  /// NaN is reported as not finite.
  private static boolean isAllowed(Tensor output, int flat, ValuesPromise promise) {
    return switch (output.elements()) {
      case Elements.Strings texts -> promise.texts.contains(texts.bytesAt(flat));
      case Elements.Fixed numbers -> Double.isNaN(numbers.doubleAt(flat)) || promise.numbers.contains(numbers, flat);
    };
  }

  private void report(BrokenElements elements, FaultCode code, String want, List<Broken> broken) {
    if (elements.first() >= 0) {
      Tensor output = elements.output();
      String got = hidden ? Shown.REDACTED : Shown.element(output, elements.first());
      broken.add(elements.broken(code, field(output, elements.first()), got, want));
    }
  }

  Field field(Tensor output, int flat) {
    boolean named = output.shape().lastExtent() == spec.columns().size();
    return Field.outputElement(output.name(), output.shape(), flat, named ? spec.columns() : List.of());
  }

  private boolean columnFits(Tensor output, int column) {
    return column < 0 || (output.shape().rank() > 0 && width(output) == spec.columns().size());
  }

  private static int width(Tensor output) {
    return (int) Math.max(1, output.shape().lastExtent());
  }
}
