package dev.faultline.isolation;

/// What a bisection searches.
public enum Over {
  /// The versions of the model, for the first bad one.
  VERSIONS,
  /// The request, for the values without which it passes, and from where on they fail.
  INPUT,
  /// The graph, for the node to blame.
  NODE,
  /// How far the engine rewrites the graph, for the level and the rewriting that bring the fault.
  ORT
}
