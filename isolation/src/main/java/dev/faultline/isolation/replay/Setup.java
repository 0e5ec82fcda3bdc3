package dev.faultline.isolation.replay;

import dev.faultline.serving.backend.LoadOptions.Optimization;
import java.nio.file.Path;
import java.util.List;

/// What a trial runs on: a model's graph of one version, the steps and the contract of the same or another, and how far the engine may
/// rewrite the graph.
///
/// `steps` names those that are of the version `stepsOf`, all when it is empty; then the contract is of that version too. `without` are
/// rewritings of the engine that are left out. `graphs` holds a file that stands for the version's own graph, which no other trial uses.
public record Setup(String model, String version, String stepsOf, List<String> steps, Optimization optimization, List<String> without, List<Path> graphs) {

  public Setup {
    steps = List.copyOf(steps);
    without = List.copyOf(without);
    graphs = List.copyOf(graphs);
  }

  /// A version as it is served.
  public static Setup of(String model, String version) {
    return new Setup(model, version, version, List.of(), Optimization.FULL, List.of(), List.of());
  }

  /// The same graph behind the steps and the contract of another version.
  public Setup withStepsOf(String other) {
    return new Setup(model, version, other, List.of(), optimization, without, graphs);
  }

  /// The same graph and contract, with these steps as another version has them.
  public Setup withStepsOf(String other, List<String> some) {
    return new Setup(model, version, other, some, optimization, without, graphs);
  }

  public Setup with(Optimization level) {
    return new Setup(model, version, stepsOf, steps, level, without, graphs);
  }

  /// With rewritings left out, by the engine's names.
  public Setup without(List<String> optimizers) {
    return new Setup(model, version, stepsOf, steps, optimization, optimizers, graphs);
  }

  /// With another graph in place of the version's own.
  public Setup onGraph(Path file) {
    return new Setup(model, version, stepsOf, steps, optimization, without, List.of(file));
  }

  /// Whether it is worth keeping loaded: another trial may use it.
  public boolean isOfUseAgain() {
    return graphs.isEmpty();
  }
}
