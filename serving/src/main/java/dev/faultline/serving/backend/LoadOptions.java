package dev.faultline.serving.backend;

/// How a model is loaded, and where it is asked to run.
public record LoadOptions(int intraOpThreads, Optimization optimization, ContainmentWish containment) {

  /// How far the engine may rewrite the graph.
  public enum Optimization {
    /// Not at all: node names in errors are those of the source graph.
    NONE,
    FULL
  }

  public static final LoadOptions DEFAULT = new LoadOptions(1, Optimization.FULL);

  /// Wherever the version itself decides.
  public LoadOptions(int intraOpThreads, Optimization optimization) {
    this(intraOpThreads, optimization, ContainmentWish.AUTO);
  }

  public LoadOptions withContainment(ContainmentWish wish) {
    return new LoadOptions(intraOpThreads, optimization, wish);
  }
}
