package dev.faultline.junit;

import dev.faultline.fault.Stage;
import dev.faultline.serving.model.ModelVersion;

/// Preprocessing and postprocessing of the models of the test class, each on its own: neither a contract nor the engine is asked.
public final class Steps {
  private final Workbench bench;

  Steps(Workbench bench) {
    this.bench = bench;
  }

  /// @param model `name` or `name/version`
  public StepList preprocess(String model) {
    ModelVersion version = bench.version(model);
    return new StepList(Stage.PREPROCESS, version, version.preprocess());
  }

  /// @param model `name` or `name/version`
  public StepList postprocess(String model) {
    ModelVersion version = bench.version(model);
    return new StepList(Stage.POSTPROCESS, version, version.postprocess());
  }
}
