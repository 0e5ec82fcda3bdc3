package dev.faultline.server.rollout;

import dev.faultline.rollout.ShadowRunner;
import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Containment;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelVersion;

/// Copies of versions for shadows: one lane, no batches, and a limit of their own on each run.
public final class ShadowCopies implements ShadowRunner.Copies {
  /// How long a mirrored run may take at most.
  private static final long RUN_MILLIS_MAX = 10_000;

  private final ModelRepository models;
  private final ModelLoader loader;

  public ShadowCopies(ModelRepository models, ModelLoader loader) {
    this.models = models;
    this.loader = loader;
  }

  @Override
  public ModelVersion open(String model, String version, boolean isContained) throws LoadException {
    for (Found.Candidate each : models.candidates(model)) {
      if (each.version().equals(version)) {
        return loader.copy(each, isContained ? Containment.PROCESS : Containment.AUTO, ShadowCopies::bounded);
      }
    }
    throw new LoadException("load.unreadable", "the repository holds no version " + version + " of '" + model + "' any more");
  }

  private static Limits bounded(Limits declared) {
    long run = Math.min(declared.inferTimeoutMillis(), RUN_MILLIS_MAX);
    return new Limits(1, 1, declared.queueTimeoutMillis(), run, declared.stopGraceMillis(), declared.lostLanesMax()).with(Batching.OFF);
  }
}
