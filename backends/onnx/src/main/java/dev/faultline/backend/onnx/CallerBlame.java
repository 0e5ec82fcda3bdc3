package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Operand.Element;
import dev.faultline.backend.onnx.Operand.Offence;
import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Field;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Decides whether the caller sent what made a node fail, and if so which element.
///
/// Only where the offending operand is a graph input, or a graph input's elements moved about and nothing more ([Trace]), and where an
/// element that the engine cannot have liked is found in what was sent. In doubt nobody is accused: the model keeps the blame.
///
/// | operators | operand | element |
/// |---|---|---|
/// | Gather, GatherElements, GatherND, ScatterElements, ScatterND | indices | the first out of range |
/// | Div, Mod of integers | divisor | the first 0 |
/// | Cast of text | text | the first that is no number |
/// | Reshape, Expand, Tile, OneHot, Range, TopK, Slice, Split, ... | sizes, counts, axes | the first 0 or negative one where that is it, else all |
/// | Add, MatMul, Gemm, Concat, Conv, Reshape, ... | all | each input that has a free dimension, if no operand was computed |
///
/// This file is long because the table is read as a whole.
final class CallerBlame {

  private static final int TEXT_MAX = 80;

  private static final Map<String, Integer> INDICES =
      Map.of("Gather", 1, "GatherElements", 1, "GatherND", 1, "ScatterElements", 1, "ScatterND", 1, "Scatter", 1);

  /// Operands that say how much, how often, along which axis; the likeliest offender first.
  private static final Map<String, List<Integer>> PARAMETERS =
      Map.ofEntries(
          Map.entry("Reshape", List.of(1)),
          Map.entry("Expand", List.of(1)),
          Map.entry("Tile", List.of(1)),
          Map.entry("ConstantOfShape", List.of(0)),
          Map.entry("OneHot", List.of(1)),
          Map.entry("Range", List.of(2, 0, 1)),
          Map.entry("TopK", List.of(1)),
          Map.entry("Slice", List.of(4, 1, 2, 3)),
          Map.entry("Split", List.of(1)),
          Map.entry("Squeeze", List.of(1)),
          Map.entry("Unsqueeze", List.of(1)),
          Map.entry("Pad", List.of(1)),
          Map.entry("Resize", List.of(2, 3)));

  private static final Pattern RANGE = Pattern.compile("idx=(-?\\d+) must be within the inclusive range \\[(-?\\d+),(-?\\d+)]");
  private static final Pattern INDEX = Pattern.compile("(?:index|indice) = (-?\\d+)");
  private static final Pattern OUT_OF_RANGE = Pattern.compile("(?i)out of range value in index tensor");
  private static final Pattern BY_ZERO = Pattern.compile("(?i)(?:division|modulo) by zero");
  private static final Pattern NO_NUMBER = Pattern.compile("sto(?:i|l|ll|ul|ull|f|d|ld)");
  private static final Pattern ZERO = Pattern.compile("(?i)can ?not be (?:zero|0)");
  private static final Pattern NEGATIVE = Pattern.compile("(?i)negative|must be >= 0");
  private static final Pattern MISMATCH =
      Pattern.compile("(?i)mismatch|broadcast|dimensions must match|cannot be reshaped|is not equal to kernel channels|incompatible");

  private final Map<String, TensorSpec> specs;
  private final Map<String, DataType> types;

  CallerBlame(List<TensorSpec> inputs) {
    specs = inputs.stream().collect(Collectors.toMap(TensorSpec::name, spec -> spec));
    types = inputs.stream().collect(Collectors.toMap(TensorSpec::name, TensorSpec::type));
  }

  /// @param reason the engine's, without the places in its source
  /// @param sent the model's inputs by name
  Optional<Accusation> find(Located node, String reason, Map<String, Tensor> sent) {
    String op = node.proto().getOpType();
    if (INDICES.containsKey(op)) {
      return index(node, Operand.of(node, INDICES.getOrDefault(op, 1), types, sent), reason, sent);
    }
    if (BY_ZERO.matcher(reason).find()) {
      return divisor(Operand.of(node, 1, types, sent));
    }
    if (NO_NUMBER.matcher(reason).matches()) {
      return text(Operand.of(node, 0, types, sent), reason);
    }
    return parameter(node, reason, sent).or(() -> mismatch(node, reason, sent));
  }

  private Optional<Accusation> index(Located node, Operand indices, String reason, Map<String, Tensor> sent) {
    Operand data = Operand.of(node, 0, types, sent);
    Matcher range = RANGE.matcher(reason);
    if (range.find()) {
      return index(indices, same(range.group(1)), "[" + range.group(2) + "," + range.group(3) + "]", data);
    }
    Matcher index = INDEX.matcher(reason);
    if (index.find()) {
      return index(indices, same(index.group(1)), "an index inside " + data.source(), data);
    }
    return OUT_OF_RANGE.matcher(reason).find() ? indexAlongAxis(node, indices, data) : Optional.empty();
  }

  /// For an engine that names neither the index nor the range.
  private Optional<Accusation> indexAlongAxis(Located node, Operand indices, Operand data) {
    Optional<Shape> shape = data.shape();
    if (shape.isEmpty() || shape.get().rank() == 0) {
      return Optional.empty();
    }
    long axis = Constants.attribute(node.proto(), "axis", 0);
    long extent = shape.get().extent((int) (axis < 0 ? axis + shape.get().rank() : axis));
    Offence outside = (tensor, flat) -> Operand.wholeNumber(tensor, flat) < -extent || Operand.wholeNumber(tensor, flat) >= extent;
    return index(indices, outside, "[" + -extent + "," + (extent - 1) + "]", data);
  }

  private static Optional<Accusation> index(Operand indices, Offence offence, String allowed, Operand data) {
    return indices
        .first(offence)
        .map(found -> accusation("index " + found.text() + " is outside (expected: " + allowed + ")", found, allowed, data.source()));
  }

  private static Optional<Accusation> divisor(Operand divisor) {
    return divisor
        .first((tensor, flat) -> Operand.wholeNumber(tensor, flat) == 0)
        .map(found -> accusation("the divisor is " + found.text() + " (expected: not 0)", found, "not 0", "graph"));
  }

  private static Optional<Accusation> text(Operand text, String function) {
    return text
        .first((tensor, flat) -> !NumberText.isReadableBy(function, tensor.textAt(flat)))
        .map(
            found ->
                accusation("text '" + shortened(found.text()) + "' cannot be read as a number", found, "a number that fits", "graph"));
  }

  private Optional<Accusation> parameter(Located node, String reason, Map<String, Tensor> sent) {
    List<Operand> operands =
        PARAMETERS.getOrDefault(node.proto().getOpType(), List.of()).stream()
            .map(position -> Operand.of(node, position, types, sent))
            .filter(operand -> !operand.sent().isEmpty())
            .toList();
    Optional<Offence> offence = offence(reason);
    for (Operand operand : operands) {
      Optional<Element> element = offence.flatMap(operand::first);
      if (element.isPresent()) {
        return Optional.of(accusation(reason, element.get(), allowed(reason), "graph"));
      }
    }
    return operands.stream().map(Operand::wholes).filter(fields -> !fields.isEmpty()).findFirst().map(fields -> new Accusation(reason, fields, List.of()));
  }

  private static Optional<Offence> offence(String reason) {
    if (ZERO.matcher(reason).find()) {
      return Optional.of((tensor, flat) -> tensor.doubleAt(flat) == 0);
    }
    return NEGATIVE.matcher(reason).find() ? Optional.of((tensor, flat) -> Operand.wholeNumber(tensor, flat) < 0) : Optional.empty();
  }

  private static String allowed(String reason) {
    return ZERO.matcher(reason).find() ? "not 0" : "0 or more";
  }

  /// Shapes that do not fit each other: the caller's doing only when the caller chose one of them and nothing was computed.
  private Optional<Accusation> mismatch(Located node, String reason, Map<String, Tensor> sent) {
    if (!MISMATCH.matcher(reason).find()) {
      return Optional.empty();
    }
    List<Operand> operands =
        IntStream.range(0, node.proto().getInputCount()).mapToObj(position -> Operand.of(node, position, types, sent)).toList();
    if (!operands.stream().allMatch(operand -> operand.complete() || operand.shape().isPresent())) {
      return Optional.empty();
    }
    List<Tensor> chosen =
        operands.stream().flatMap(operand -> operand.sent().stream()).distinct().filter(this::hasFreeDimension).toList();
    return chosen.isEmpty() ? Optional.empty() : Optional.of(mismatch(reason, chosen, operands));
  }

  private static Accusation mismatch(String reason, List<Tensor> chosen, List<Operand> operands) {
    String all = operands.stream().map(Operand::source).collect(Collectors.joining(", "));
    List<Evidence> evidence =
        chosen.stream()
            .<Evidence>map(tensor -> new Evidence.Value(tensor.shape().toString(), "a shape that fits the node's operands", all))
            .toList();
    return new Accusation(reason, chosen.stream().map(tensor -> Field.input(tensor.name(), "")).toList(), evidence);
  }

  private boolean hasFreeDimension(Tensor tensor) {
    TensorSpec spec = specs.get(tensor.name());
    return spec != null && spec.dimensions().stream().anyMatch(dimension -> !(dimension instanceof Dimension.Fixed));
  }

  private static Accusation accusation(String reason, Element found, String allowed, String source) {
    return new Accusation(reason, List.of(found.field()), List.of(new Evidence.Value(shortened(found.text()), allowed, source)));
  }

  private static Offence same(String number) {
    long wanted = Long.parseLong(number);
    return (tensor, flat) -> Operand.wholeNumber(tensor, flat) == wanted;
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
  }
}
