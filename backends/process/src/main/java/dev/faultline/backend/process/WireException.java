package dev.faultline.backend.process;

import java.io.IOException;

/// What arrived is not what parent and worker agreed on. The connection is of no use any more.
final class WireException extends IOException {
  WireException(String message) {
    super(message);
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
