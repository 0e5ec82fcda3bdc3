package dev.faultline.serving.model;

import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.serving.step.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// In what a version for experiments differs from the one that is served.
///
/// What stands beside the graph is that of `declared`: all of it, or only the steps named in `steps`. `level` and `withoutOptimizers` say how
/// far the engine may rewrite the graph, `graphs` holds a file to load instead of the candidate's own, when there is one.
public record Variation(Found.Candidate declared, List<String> steps, Optimization level, List<String> withoutOptimizers, List<Path> graphs) {

  public Variation {
    steps = List.copyOf(steps);
    withoutOptimizers = List.copyOf(withoutOptimizers);
    graphs = List.copyOf(graphs);
  }

  /// `own` with the named steps as `other` has them: exchanged, taken out where `other` has none, brought in where only `other` has one.
  VersionSettings mixed(VersionSettings own, VersionSettings other) {
    return new VersionSettings(
        own.contract(),
        mixed(own.preprocess(), other.preprocess()),
        mixed(own.postprocess(), other.postprocess()),
        own.limits(),
        own.redact(),
        own.labels(),
        own.warmUps(),
        own.warnings(),
        own.repeating());
  }

  private List<Step> mixed(List<Step> own, List<Step> other) {
    var mixed = new ArrayList<Step>();
    for (Step step : own) {
      if (steps.contains(step.name())) {
        find(other, step.name()).ifPresent(mixed::add);
      } else {
        mixed.add(step);
      }
    }
    for (Step step : other) {
      if (steps.contains(step.name()) && find(own, step.name()).isEmpty()) {
        mixed.add(Math.min(other.indexOf(step), mixed.size()), step);
      }
    }
    return mixed;
  }

  private static Optional<Step> find(List<Step> steps, String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst();
  }
}
