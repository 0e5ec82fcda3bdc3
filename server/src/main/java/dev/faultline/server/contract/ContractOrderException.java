package dev.faultline.server.contract;

/// What was asked for cannot be looked at, with a sentence for the one who asked.
public final class ContractOrderException extends Exception {

  /// Whose mistake it is.
  public enum Kind {
    /// It is not written as it must be.
    INVALID,
    /// There is no such model or version.
    UNKNOWN,
    /// The version is not ready, so that nobody knows what its graph takes.
    NOT_READY
  }

  private final Kind kind;
  private final String sentence;

  ContractOrderException(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
    this.sentence = sentence;
  }

  ContractOrderException(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
    this.sentence = sentence;
  }

  public Kind kind() {
    return kind;
  }

  public String sentence() {
    return sentence;
  }
}
