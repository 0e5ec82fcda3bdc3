package dev.faultline.server.nodes;

/// Something that takes time in a request: a stage (`step` and `node` empty), a step of one, or a node of the graph. `op` is the kind of a step
/// or the operator of a node.
record Timed(String stage, String step, String node, String op) {

  static Timed stage(String stage) {
    return new Timed(stage, "", "", "");
  }

  static Timed step(String stage, String step, String kind) {
    return new Timed(stage, step, "", kind);
  }

  static Timed node(String node, String op) {
    return new Timed("INFER", "", node, op);
  }

  /// As the admin API calls it.
  String kind() {
    return !node.isEmpty() ? "node" : step.isEmpty() ? "stage" : "step";
  }

  String name() {
    return !node.isEmpty() ? node : step.isEmpty() ? stage : stage + " step " + step;
  }
}
