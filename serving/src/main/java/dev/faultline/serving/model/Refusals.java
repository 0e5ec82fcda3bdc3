package dev.faultline.serving.model;

import java.nio.file.Path;

/// Words for versions that the scan refuses: as a load's failure would say it.
final class Refusals {
  private Refusals() {}

  static Found of(String model, String version, Layout layout, Path path, String code, String reason) {
    return new Found.Refused(model, version, layout, path, code, "model '" + model + "' version " + version + " is not loaded: " + reason);
  }
}
