package dev.faultline.server.compare;

/// A selection cannot be understood, or names what there is not.
public final class SelectionException extends Exception {

  /// Whose answer it is.
  public enum Kind {
    /// It cannot be read.
    INVALID,
    /// It names a group, fault, model, version or code that there is not.
    UNKNOWN
  }

  private final Kind kind;

  private SelectionException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static SelectionException invalid(String message) {
    return new SelectionException(Kind.INVALID, message);
  }

  static SelectionException unknown(String message) {
    return new SelectionException(Kind.UNKNOWN, message);
  }

  public Kind kind() {
    return kind;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
