package dev.faultline.serving.backend;

/// A model version could not be loaded. `code` is `load.<kind>` and has a page in `docs/faults`; the message says what was found, what
/// was expected and how to mend it.
public final class LoadException extends Exception {
  private final String code;

  public LoadException(String code, String message) {
    super(message);
    this.code = code;
  }

  public LoadException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
