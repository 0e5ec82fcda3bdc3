package dev.faultline.server;

/// The server cannot start. The message says what was found, what was expected and how to mend it.
public final class StartException extends Exception {
  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
