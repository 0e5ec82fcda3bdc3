package dev.faultline.serving.route;

import dev.faultline.request.Assignment;
import dev.faultline.serving.model.ModelVersion;

/// The model version that answers one request, held so that it is not closed meanwhile, and the side of a rollout that it stands for.
public record Route(ModelVersion version, Assignment assignment) implements AutoCloseable {

  /// A route outside any rollout.
  public Route(ModelVersion version) {
    this(version, Assignment.NONE);
  }

  @Override
  public void close() {
    version.release();
  }
}
