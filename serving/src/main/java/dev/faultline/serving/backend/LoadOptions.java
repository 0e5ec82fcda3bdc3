package dev.faultline.serving.backend;

import java.nio.file.Path;
import java.util.List;

/// How a model is loaded, and where it is asked to run. `disabledOptimizers` are the engine's own names of rewritings that it must leave
/// out whatever the level; a name it does not know is ignored. `nodeTimes` holds a folder when the engine is to write there, at the latest
/// when the model is closed, how long each node of each run took; this slows runs, so that nothing which answers callers is loaded so.
public record LoadOptions(int intraOpThreads, Optimization optimization, ContainmentWish containment, List<String> disabledOptimizers, List<Path> nodeTimes) {

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
    nodeTimes = List.copyOf(nodeTimes);
  }

  /// Wherever the version itself decides.
  public LoadOptions(int intraOpThreads, Optimization optimization) {
    this(intraOpThreads, optimization, ContainmentWish.AUTO, List.of(), List.of());
  }

  public LoadOptions(int intraOpThreads, Optimization optimization, ContainmentWish containment) {
    this(intraOpThreads, optimization, containment, List.of(), List.of());
  }

  public LoadOptions withContainment(ContainmentWish wish) {
    return new LoadOptions(intraOpThreads, optimization, wish, disabledOptimizers, nodeTimes);
  }

  public LoadOptions without(List<String> optimizers) {
    return new LoadOptions(intraOpThreads, optimization, containment, optimizers, nodeTimes);
  }

  /// With the times of nodes written into a folder.
  public LoadOptions timingNodes(Path folder) {
    return new LoadOptions(intraOpThreads, optimization, containment, disabledOptimizers, List.of(folder));
  }
}
