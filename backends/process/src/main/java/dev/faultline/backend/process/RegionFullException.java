package dev.faultline.backend.process;

import java.io.IOException;

/// Tensors do not fit into a shared region: too many bytes for one run, or no space left in the folder.
final class RegionFullException extends IOException {
  RegionFullException(String message) {
    super(message);
  }

  RegionFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
