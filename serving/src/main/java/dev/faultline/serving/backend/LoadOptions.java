package dev.faultline.serving.backend;

/// How a model is loaded.
public record LoadOptions(int intraOpThreads, Optimization optimization) {

  /// How far the engine may rewrite the graph.
  public enum Optimization {
    /// Not at all: node names in errors are those of the source graph.
    NONE,
    FULL
  }

  public static final LoadOptions DEFAULT = new LoadOptions(1, Optimization.FULL);
}
