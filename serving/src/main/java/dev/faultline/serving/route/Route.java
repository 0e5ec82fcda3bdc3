package dev.faultline.serving.route;

import dev.faultline.serving.model.ModelVersion;

/// The model version that answers one request, held so that it is not closed meanwhile.
public record Route(ModelVersion version) implements AutoCloseable {
  @Override
  public void close() {
    version.release();
  }
}
