package dev.faultline.evaluation.fault;

import java.util.ArrayList;
import java.util.List;

/// Everything that can be seeded. The engine must not know it; other faults, models and data are asked for elsewhere.
public final class Catalogue {
  private Catalogue() {}

  public static List<Recipe> all() {
    var all = new ArrayList<Recipe>();
    all.addAll(InputFaults.all());
    all.addAll(VersionFaults.all());
    all.addAll(ServerFaults.all());
    all.addAll(Composites.all());
    all.addAll(HealthyWindows.all());
    return List.copyOf(all);
  }

  /// A fault of the published list that is not seeded, and why.
  public record NotCovered(int number, String fault, String why) {}

  public static List<NotCovered> notCovered() {
    return List.of(
        new NotCovered(31, "another runtime version changes NaN semantics", "one process holds one ONNX Runtime"),
        new NotCovered(35, "stale model file on one replica", "one server has no replicas; needs remote parts"),
        new NotCovered(0, "deploy restart (healthy)", "a window is one life of a server; the capture store's tests cover what outlives it"),
        new NotCovered(0, "Diffy rule, Kayenta port (baselines)", "they judge rollouts, not single faults; see the rollout module"),
        new NotCovered(0, "quantised MLP (model)", "its defects would be those of the dense models under other names"));
  }
}
