package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether what a file declares of a tensor and what the graph says of it can both be true.
final class Agreement {

  private Agreement() {}

  /// Why they contradict each other, naming both sides; empty when they agree.
  static Optional<String> conflict(TensorSpec declared, TensorSpec graph) {
    boolean agree = declared.type() == graph.type() && overlap(declared.dimensions(), graph.dimensions());
    return agree ? Optional.empty() : Optional.of("is " + shown(declared) + ", in the graph it is " + shown(graph));
  }

  /// Same rank, and no axis with two different extents.
  static boolean overlap(List<Dimension> some, List<Dimension> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int axis = 0; axis < some.size(); axis++) {
      if (some.get(axis) instanceof Dimension.Fixed(long extent) && others.get(axis) instanceof Dimension.Fixed(long other) && extent != other) {
        return false;
      }
    }
    return true;
  }

  /// Whether every tensor of `made` is one that `taken` takes: an axis that the graph fixes must be fixed before it, too.
  static boolean fits(TensorSpec made, TensorSpec taken) {
    boolean fits = made.type() == taken.type() && overlap(made.dimensions(), taken.dimensions());
    for (int axis = 0; fits && axis < made.dimensions().size(); axis++) {
      fits = !(taken.dimensions().get(axis) instanceof Dimension.Fixed) || made.dimensions().get(axis) instanceof Dimension.Fixed;
    }
    return fits;
  }

  /// Each axis as the more exact of the two sides states it. They must [#overlap].
  static List<Dimension> narrowed(List<Dimension> graph, List<Dimension> declared) {
    var narrowed = new ArrayList<Dimension>();
    for (int axis = 0; axis < graph.size(); axis++) {
      boolean graphWins = graph.get(axis) instanceof Dimension.Fixed || !(declared.get(axis) instanceof Dimension.Fixed);
      Dimension winner = graphWins ? graph.get(axis) : declared.get(axis);
      narrowed.add(winner instanceof Dimension.Free ? declared.get(axis) : winner);
    }
    return narrowed;
  }

  static TensorSpec withDimensions(TensorSpec spec, List<Dimension> dimensions) {
    return new TensorSpec(spec.name(), spec.type(), dimensions, spec.columns(), spec.presence());
  }

  /// `FP32 [-1,3]`
  static String shown(TensorSpec spec) {
    return spec.type() + " " + shown(spec.dimensions());
  }

  static String shown(List<Dimension> dimensions) {
    return dimensions.toString().replace(" ", "");
  }

  static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }

  static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /// `specs` with `spec` in the place of the one with its name.
  static List<TensorSpec> replaced(List<TensorSpec> specs, TensorSpec spec) {
    return specs.stream().map(each -> each.name().equals(spec.name()) ? spec : each).toList();
  }
}
