package dev.faultline.isolation.localize;

import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeAttributes;
import dev.faultline.isolation.localize.ElementSource.Relation;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Follows one element of an inner value back to the elements of graph inputs and initializers that it comes from.
///
/// Operators that move elements are followed exactly; operators that work element by element too, but then the element is no longer the
/// same ([Relation#COMPUTED]). At any other operator the way ends and the graph inputs behind it are named whole ([Relation#MIXED]).
///
/// First the values on the way are found ([#way]), so that they can be fetched in one run, then the element is followed.
final class ElementTrace {

  /// Values on a way; a longer way is not followed to its end.
  static final int WAY_MAX = 128;

  /// Sources named for one element.
  static final int SOURCES_MAX = 16;

  private static final Set<String> SAME_PLACE = Set.of("Identity", "Cast", "CastLike", "Dropout", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  private static final Set<String> MOVES = Set.of("Transpose", "Concat", "Slice", "Gather", "Expand", "Tile", "Split", "Where");

  private static final Set<String> UNARY =
      Set.of(
          "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Elu", "Erf", "Exp", "Floor", "Gelu",
          "HardSigmoid", "HardSwish", "LeakyRelu", "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Scaler", "Selu", "Shrink", "Sigmoid", "Sign",
          "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Tan", "Tanh", "ThresholdedRelu", "Imputer", "Binarizer", "QuantizeLinear", "DequantizeLinear");

  private static final Set<String> ELEMENTWISE =
      Set.of("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "Mean", "Sum", "PRelu", "BitShift", "And", "Or", "Xor", "Equal", "Greater", "Less");

  private final Graph graph;
  private final Bench.Values values;

  ElementTrace(Graph graph, Bench.Values values) {
    this.graph = graph;
    this.values = values;
  }

  /// The values to know before an element of `value` can be followed, itself included.
  static Set<String> way(Graph graph, String value) {
    Set<String> way = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(value));
    while (!open.isEmpty() && way.size() < WAY_MAX) {
      String next = open.remove();
      Optional<Node> producer = graph.findProducer(next);
      if (way.add(next) && producer.isPresent() && isFollowed(producer.get())) {
        open.addAll(producer.get().reads());
        way.addAll(producer.get().op().equals("Split") ? producer.get().writes() : Set.of());
      }
    }
    return way;
  }

  private static boolean isFollowed(Node node) {
    String op = node.op();
    return SAME_PLACE.contains(op) || MOVES.contains(op) || UNARY.contains(op) || ELEMENTWISE.contains(op);
  }

  /// Likeliest first: elements that are still the same before computed ones, inputs before initializers.
  List<ElementSource> sources(String value, long flat) {
    Set<ElementSource> found = new LinkedHashSet<>();
    Deque<Step> open = new ArrayDeque<>(List.of(new Step(value, flat, Relation.UNCHANGED)));
    for (int steps = 0; !open.isEmpty() && steps < WAY_MAX && found.size() < SOURCES_MAX; steps++) {
      Step step = open.remove();
      Optional<Node> producer = graph.findProducer(step.value);
      if (producer.isEmpty() || producer.get().op().equals("Constant")) {
        source(step).ifPresent(found::add);
      } else {
        List<Step> before = before(producer.get(), step);
        open.addAll(before);
        found.addAll(before.isEmpty() ? mixed(step.value) : List.of());
      }
    }
    List<ElementSource> ranked = new ArrayList<>(found);
    ranked.sort(Comparator.comparing(ElementSource::relation).thenComparing(ElementSource::source));
    return List.copyOf(ranked);
  }

  /// The graph inputs behind a value, whole.
  List<ElementSource> mixed(String value) {
    Set<String> read = new LinkedHashSet<>();
    graph.ancestors(List.of(value)).forEach(node -> read.addAll(node.reads()));
    read.add(value);
    return graph.inputs().stream()
        .filter(input -> read.contains(input.name()))
        .limit(SOURCES_MAX)
        .map(input -> new ElementSource(Operand.Source.INPUT, input.name(), List.of(), "", Relation.MIXED))
        .toList();
  }

  /// An element of a value, and what happened to it since.
  private record Step(String value, long flat, Relation relation) {
    Step to(String other, long index) {
      return new Step(other, index, relation);
    }

    Step computed(String other, long index) {
      return new Step(other, index, Relation.COMPUTED);
    }
  }

  private Optional<ElementSource> source(Step step) {
    Operand.Source kind = graph.inputs().stream().anyMatch(input -> input.name().equals(step.value)) ? Operand.Source.INPUT : Operand.Source.INITIALIZER;
    return values.tensor(step.value)
        .filter(tensor -> step.flat < tensor.count())
        .map(tensor -> new ElementSource(kind, step.value, tensor.shape().coordinates(step.flat), tensor.textAt((int) step.flat), step.relation));
  }

  private List<Step> before(Node node, Step step) {
    String op = node.op();
    if (SAME_PLACE.contains(op)) {
      return List.of(step.to(node.inputs().getFirst(), step.flat));
    }
    if (UNARY.contains(op)) {
      return List.of(step.computed(node.inputs().getFirst(), step.flat));
    }
    if (ELEMENTWISE.contains(op)) {
      return node.reads().stream().flatMap(read -> broadcast(step, read).stream()).toList();
    }
    return switch (op) {
      case "Transpose" -> transpose(node, step);
      case "Concat" -> concat(node, step);
      case "Slice" -> slice(node, step);
      case "Gather" -> gather(node, step);
      case "Expand", "Tile" -> wrapped(node, step);
      case "Split" -> split(node, step);
      case "Where" -> where(node, step);
      default -> List.of();
    };
  }

  private Optional<Step> broadcast(Step step, String operand) {
    return shape(step.value).flatMap(out -> shape(operand).map(in -> step.computed(operand, broadcast(out, in, step.flat))));
  }

  /// The element that an operand of shape `in` lends to the element at `flat` of `out`.
  static long broadcast(Shape out, Shape in, long flat) {
    List<Long> coordinates = out.coordinates(flat);
    long index = 0;
    for (int axis = 0; axis < in.rank(); axis++) {
      int outer = axis + out.rank() - in.rank();
      long at = in.extent(axis) == 1 || outer < 0 ? 0 : coordinates.get(outer) % in.extent(axis);
      index = index * in.extent(axis) + at;
    }
    return index;
  }

  private List<Step> wrapped(Node node, Step step) {
    String data = node.inputs().getFirst();
    return shape(step.value).flatMap(out -> shape(data).map(in -> List.of(step.to(data, broadcast(out, in, step.flat))))).orElse(List.of());
  }

  private List<Step> transpose(Node node, Step step) {
    String data = node.inputs().getFirst();
    Optional<Shape> in = shape(data);
    Optional<Shape> out = shape(step.value);
    if (in.isEmpty() || out.isEmpty()) {
      return List.of();
    }
    List<Long> perm = NodeAttributes.of(graph, node).integers("perm");
    List<Long> coordinates = out.get().coordinates(step.flat);
    long[] source = new long[coordinates.size()];
    for (int axis = 0; axis < source.length; axis++) {
      int from = perm.isEmpty() ? source.length - 1 - axis : perm.get(axis).intValue();
      source[from] = coordinates.get(axis);
    }
    return List.of(step.to(data, flat(in.get(), source)));
  }

  private List<Step> concat(Node node, Step step) {
    Optional<Shape> out = shape(step.value);
    if (out.isEmpty()) {
      return List.of();
    }
    int axis = axis(node, out.get().rank());
    long[] at = coordinates(out.get(), step.flat);
    for (String part : node.inputs()) {
      Optional<Shape> in = shape(part);
      if (in.isEmpty()) {
        return List.of();
      }
      if (at[axis] < in.get().extent(axis)) {
        return List.of(step.to(part, flat(in.get(), at)));
      }
      at[axis] -= in.get().extent(axis);
    }
    return List.of();
  }

  private List<Step> split(Node node, Step step) {
    String data = node.inputs().getFirst();
    Optional<Shape> in = shape(data);
    Optional<Shape> out = shape(step.value);
    if (in.isEmpty() || out.isEmpty()) {
      return List.of();
    }
    int axis = axis(node, in.get().rank());
    long[] at = coordinates(out.get(), step.flat);
    for (String part : node.outputs().subList(0, node.outputs().indexOf(step.value))) {
      Optional<Shape> earlier = shape(part);
      if (earlier.isEmpty()) {
        return List.of();
      }
      at[axis] += earlier.get().extent(axis);
    }
    return List.of(step.to(data, flat(in.get(), at)));
  }

  private List<Step> gather(Node node, Step step) {
    String data = node.inputs().getFirst();
    Optional<Shape> in = shape(data);
    Optional<Shape> out = shape(step.value);
    Optional<Tensor> indices = values.tensor(node.inputs().get(1));
    if (in.isEmpty() || out.isEmpty() || indices.isEmpty()) {
      return List.of();
    }
    int axis = axis(node, in.get().rank());
    int width = indices.get().shape().rank();
    List<Long> at = out.get().coordinates(step.flat);
    long picked = 0;
    for (int i = 0; i < width; i++) {
      picked = picked * indices.get().shape().extent(i) + at.get(axis + i);
    }
    long row = indices.get().longAt((int) picked);
    long[] source = new long[in.get().rank()];
    for (int i = 0; i < source.length; i++) {
      source[i] = i < axis ? at.get(i) : i == axis ? (row < 0 ? row + in.get().extent(axis) : row) : at.get(i + width - 1);
    }
    return List.of(step.to(data, flat(in.get(), source)), new Step(node.inputs().get(1), picked, Relation.COMPUTED));
  }

  /// Of the form with operands; older ones are not followed.
  private List<Step> slice(Node node, Step step) {
    String data = node.inputs().getFirst();
    Optional<Shape> in = shape(data);
    Optional<Shape> out = shape(step.value);
    Optional<Tensor> starts = node.inputs().size() > 2 ? values.tensor(node.inputs().get(1)) : Optional.empty();
    if (in.isEmpty() || out.isEmpty() || starts.isEmpty()) {
      return List.of();
    }
    Optional<Tensor> axes = operand(node, 3);
    Optional<Tensor> steps = operand(node, 4);
    long[] at = coordinates(out.get(), step.flat);
    for (int i = 0; i < starts.get().count(); i++) {
      int axis = (int) axes.map(Given::numbers).orElse(List.of()).stream().skip(i).findFirst().orElse((long) i).longValue();
      axis = axis < 0 ? axis + in.get().rank() : axis;
      long stride = steps.isPresent() ? steps.get().longAt(i) : 1;
      at[axis] = clamp(starts.get().longAt(i), in.get().extent(axis), stride) + at[axis] * stride;
    }
    return List.of(step.to(data, flat(in.get(), at)));
  }

  private static long clamp(long start, long extent, long stride) {
    long from = start < 0 ? start + extent : start;
    return Math.clamp(from, 0, stride < 0 ? extent - 1 : extent);
  }

  /// The side that the condition chose.
  private List<Step> where(Node node, Step step) {
    Optional<Tensor> condition = values.tensor(node.inputs().getFirst());
    Optional<Shape> out = shape(step.value);
    if (condition.isEmpty() || out.isEmpty()) {
      return List.of();
    }
    boolean first = condition.get().longAt((int) broadcast(out.get(), condition.get().shape(), step.flat)) != 0;
    String chosen = node.inputs().get(first ? 1 : 2);
    return shape(chosen).map(in -> List.of(step.to(chosen, broadcast(out.get(), in, step.flat)))).orElse(List.of());
  }

  private Optional<Tensor> operand(Node node, int position) {
    return position < node.inputs().size() ? values.tensor(node.inputs().get(position)) : Optional.empty();
  }

  private Optional<Shape> shape(String value) {
    return values.shape(value);
  }

  private int axis(Node node, int rank) {
    long axis = NodeAttributes.of(graph, node).integer("axis", 0);
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static long[] coordinates(Shape shape, long flat) {
    return shape.coordinates(flat).stream().mapToLong(Long::longValue).toArray();
  }

  private static long flat(Shape shape, long[] at) {
    long flat = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      flat = flat * shape.extent(axis) + at[axis];
    }
    return flat;
  }
}
