package dev.faultline.server.release;

/// Why a change of versions cannot be made, in one sentence that names the mend.
public final class ReleaseException extends Exception {

  /// The kinds, with their HTTP status.
  public enum Kind {
    INVALID(400),
    UNKNOWN(404),
    CONFLICT(409),
    NOT_KEPT(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Kind kind;

  public ReleaseException(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  ReleaseException(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
