package dev.faultline.serving.backend;

import java.util.List;

/// How a model is loaded, and where it is asked to run. `disabledOptimizers` are the engine's own names of rewritings that it must leave
/// out whatever the level; a name it does not know is ignored.
public record LoadOptions(int intraOpThreads, Optimization optimization, ContainmentWish containment, List<String> disabledOptimizers) {

  /// How far the engine may rewrite the graph; each level includes those before it.
  public enum Optimization {
    /// Not at all: node names in errors are those of the source graph.
    NONE,
    /// What keeps the meaning whatever runs it: constants folded, needless nodes removed.
    BASIC,
    /// Fusions for this kind of processor.
    EXTENDED,
    /// Layouts in memory too: all that the engine can do.
    FULL
  }

  public static final LoadOptions DEFAULT = new LoadOptions(1, Optimization.FULL);

  public LoadOptions {
    disabledOptimizers = List.copyOf(disabledOptimizers);
  }

  /// Wherever the version itself decides.
  public LoadOptions(int intraOpThreads, Optimization optimization) {
    this(intraOpThreads, optimization, ContainmentWish.AUTO, List.of());
  }

  public LoadOptions(int intraOpThreads, Optimization optimization, ContainmentWish containment) {
    this(intraOpThreads, optimization, containment, List.of());
  }

  public LoadOptions withContainment(ContainmentWish wish) {
    return new LoadOptions(intraOpThreads, optimization, wish, disabledOptimizers);
  }

  public LoadOptions without(List<String> optimizers) {
    return new LoadOptions(intraOpThreads, optimization, containment, optimizers);
  }
}
