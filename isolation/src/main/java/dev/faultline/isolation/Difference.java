package dev.faultline.isolation;

import java.util.List;

/// What a version changed that the fault hangs on: `step` is the first that gives other values, empty when the steps do not matter.
/// `sufficient`: brought into the good version it makes the fault show there too.
record Difference(String step, List<BlamedInitializer> initializers, List<BlamedNode> nodes, boolean sufficient, String words) {
  static final Difference NONE = new Difference("", List.of(), List.of(), false, "");

  Difference {
    initializers = List.copyOf(initializers);
    nodes = List.copyOf(nodes);
  }

  /// The steps around the model, from this one on.
  static Difference ofStep(String step) {
    return new Difference(step, List.of(), List.of(), true, "step " + step);
  }

  boolean isKnown() {
    return !words.isEmpty();
  }
}
