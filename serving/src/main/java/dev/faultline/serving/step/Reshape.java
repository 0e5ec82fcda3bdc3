package dev.faultline.serving.step;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// `reshape`: the same elements under another shape. One extent may be -1 and is computed; 0 keeps the extent of that axis, as in ONNX.
final class Reshape extends OneTensorStep {
  private static final int RANK_MAX = 16;

  private final List<Long> shape;

  private Reshape(Use use, List<Long> shape) {
    super(use);
    this.shape = shape;
  }

  static Step read(Use use, Declared options) {
    Declared declared = options.at("shape");
    if (!declared.isPresent()) {
      declared.problem("is missing (expected: a list of extents such as [-1, 3])");
    }
    List<Long> shape = declared.elements().stream().map(extent -> extent.integer(1, -1, Integer.MAX_VALUE)).toList();
    if (shape.stream().filter(extent -> extent == -1).count() > 1 || shape.size() > RANK_MAX) {
      declared.expected("at most one -1 and at most " + RANK_MAX + " extents");
    }
    return new Reshape(use, shape);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    List<Dimension> from = before.dimensions();
    var after = new ArrayList<Dimension>();
    for (int axis = 0; axis < shape.size(); axis++) {
      long extent = shape.get(axis);
      Specs.require(extent != 0 || axis < from.size(), before, "an axis " + axis + " whose extent the 0 keeps");
      after.add(extent == 0 ? from.get(axis) : extent == -1 ? new Dimension.Free() : new Dimension.Fixed(extent));
    }
    Specs.require(agree(from, after), before, "as many elements as " + shape.toString().replace(" ", "") + " has");
    int open = shape.indexOf(-1L);
    if (open >= 0) {
      after.set(open, computed(from, after, open));
    }
    return Specs.shaped(before, before.type(), after, after.equals(from) ? before.columns() : List.of());
  }

  /// False only when both counts are known and cannot be equal.
  private boolean agree(List<Dimension> from, List<Dimension> to) {
    boolean known = from.stream().allMatch(Dimension.Fixed.class::isInstance);
    long fixed = product(to);
    boolean open = shape.contains(-1L);
    boolean allKnown = known && to.stream().filter(each -> !(each instanceof Dimension.Fixed)).count() == (open ? 1 : 0);
    return !allKnown || (open ? fixed != 0 && product(from) % fixed == 0 : product(from) == fixed);
  }

  /// What -1 stands for: a number when all is known, the one open axis of the input when the rest cancels out.
  private static Dimension computed(List<Dimension> from, List<Dimension> to, int open) {
    List<Dimension> openFrom = from.stream().filter(each -> !(each instanceof Dimension.Fixed)).toList();
    boolean othersKnown = to.stream().filter(each -> !(each instanceof Dimension.Fixed)).count() == 1;
    if (openFrom.isEmpty() && othersKnown) {
      return new Dimension.Fixed(product(from) / product(to));
    }
    return openFrom.size() == 1 && othersKnown && product(from) == product(to) ? openFrom.getFirst() : to.get(open);
  }

  private static long product(List<Dimension> dimensions) {
    return dimensions.stream().mapToLong(each -> each instanceof Dimension.Fixed(long extent) ? extent : 1).reduce(1, Math::multiplyExact);
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    long[] extents = new long[shape.size()];
    long known = 1;
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = shape.get(axis) != 0 ? shape.get(axis) : keptExtent(before, axis);
      known = extents[axis] == -1 ? known : known * extents[axis];
    }
    int open = shape.indexOf(-1L);
    if (open >= 0) {
      extents[open] = known == 0 ? 0 : before.count() / known;
      known *= extents[open];
    }
    if (known != before.count()) {
      throw Tensors.broken(before, "has " + before.count() + " elements in shape " + before.shape(), "a number that fits " + shape.toString().replace(" ", ""));
    }
    return before.reshaped(Shape.of(extents));
  }

  private static long keptExtent(Tensor before, int axis) {
    if (axis >= before.shape().rank()) {
      throw Tensors.broken(before, "has shape " + before.shape(), "an axis " + axis + " whose extent the 0 keeps");
    }
    return before.shape().extent(axis);
  }
}
