package dev.faultline.compare;

import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compares the outputs of one answer with those of another, by name, each within its tolerance.
///
/// Type and shape must agree before elements are looked at. NaN equals NaN, zeros of either sign are equal. For floating-point outputs
/// the order of scores is judged apart, because a label can change where numbers hardly do.
public final class OutputComparator {
  private final Map<String, Tolerance> byOutput;
  private final Tolerance otherwise;

  /// One tolerance for all outputs.
  public OutputComparator(Tolerance tolerance) {
    this(Map.of(), tolerance);
  }

  public OutputComparator(Map<String, Tolerance> byOutput, Tolerance otherwise) {
    this.byOutput = Map.copyOf(byOutput);
    this.otherwise = otherwise;
  }

  public Comparison compare(List<Tensor> expected, List<Tensor> actual) {
    var differences = new ArrayList<Difference>();
    long elements = 0;
    double absoluteMax = 0;
    Map<String, Tensor> given = byName(actual);
    for (Tensor wanted : expected) {
      Tensor found = given.get(wanted.name());
      Comparison one = found == null ? only(new Difference.Missing(wanted.name())) : compare(wanted, found);
      differences.addAll(one.differences());
      elements += one.elements();
      absoluteMax = Math.max(absoluteMax, one.absoluteMax());
    }
    Map<String, Tensor> known = byName(expected);
    actual.stream().map(Tensor::name).filter(name -> !known.containsKey(name)).forEach(name -> differences.add(new Difference.Extra(name)));
    return new Comparison(differences, elements, absoluteMax);
  }

  /// Two tensors, whatever their names; differences bear the expected one's.
  public Comparison compare(Tensor expected, Tensor actual) {
    if (expected.type() != actual.type()) {
      return only(new Difference.OtherType(expected.name(), expected.type(), actual.type()));
    }
    if (!expected.shape().equals(actual.shape())) {
      return only(new Difference.OtherShape(expected.name(), expected.shape(), actual.shape()));
    }
    return expected.type().isFloating() ? numbers(expected, actual) : labels(expected, actual);
  }

  private Comparison numbers(Tensor expected, Tensor actual) {
    var scan = new NumberScan(expected, actual, byOutput.getOrDefault(expected.name(), otherwise));
    var differences = new ArrayList<Difference>();
    scan.numbers().ifPresent(differences::add);
    new RankScan(expected, actual, scan).ranks().ifPresent(differences::add);
    return new Comparison(differences, expected.count(), scan.absoluteMax());
  }

  private static Comparison labels(Tensor expected, Tensor actual) {
    int first = -1;
    int count = 0;
    for (int i = 0; i < expected.count(); i++) {
      if (!sameLabel(expected, actual, i)) {
        first = first < 0 ? i : first;
        count++;
      }
    }
    Optional<Difference> difference = first < 0 ? Optional.empty() : Optional.of(otherLabels(expected, actual, first, count));
    return new Comparison(difference.stream().toList(), expected.count(), 0);
  }

  private static Difference otherLabels(Tensor expected, Tensor actual, int first, int count) {
    return new Difference.OtherLabels(
        expected.name(), expected.shape().coordinates(first), expected.textAt(first), actual.textAt(first), count, expected.count());
  }

  private static boolean sameLabel(Tensor expected, Tensor actual, int index) {
    return switch (expected.elements()) {
      case Elements.Fixed fixed -> fixed.longAt(index) == actual.longAt(index);
      case Elements.Strings strings -> java.util.Arrays.equals(strings.bytesAt(index), ((Elements.Strings) actual.elements()).bytesAt(index));
    };
  }

  private static Comparison only(Difference difference) {
    return new Comparison(List.of(difference), 0, 0);
  }

  private static Map<String, Tensor> byName(List<Tensor> tensors) {
    return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity(), (first, _) -> first));
  }
}
