package dev.faultline.isolation;

import java.util.List;

/// What a version changed that the fault hangs on.
///
/// `step` is the step to blame, empty when the steps do not matter. `sufficient`: brought into the good version it makes the fault show
/// there; `necessary`: taken back from the bad version the fault is gone. `words` names all of it and is empty when nothing was found.
/// `restored` tells how to take it back.
record VersionDifference(
    String step, List<BlamedInitializer> initializers, List<BlamedNode> nodes, boolean sufficient, boolean necessary, String words, List<String> restored) {
  static final VersionDifference NONE = new VersionDifference("", List.of(), List.of(), false, false, "", List.of());

  VersionDifference {
    initializers = List.copyOf(initializers);
    nodes = List.copyOf(nodes);
    restored = List.copyOf(restored);
  }

  static VersionDifference ofStep(String step) {
    return new VersionDifference(step, List.of(), List.of(), true, true, "step '" + step + "'", List.of());
  }

  /// Nothing of the graph and no step, but what `contract.yaml` says of inputs and outputs.
  static VersionDifference ofContract() {
    return new VersionDifference("", List.of(), List.of(), true, true, "the rules of contract.yaml", List.of());
  }

  boolean isKnown() {
    return !words.isEmpty();
  }

  boolean flipsBothWays() {
    return sufficient && necessary;
  }
}
