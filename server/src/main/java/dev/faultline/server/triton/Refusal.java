package dev.faultline.server.triton;

/// Why a call that is not inference cannot be answered, in one sentence, with its status on both wires.
public final class Refusal extends Exception {

  /// The kinds of refusal, with their HTTP status; the constant's name is the gRPC status.
  public enum Kind {
    INVALID_ARGUMENT(400),
    NOT_FOUND(404),
    INTERNAL(500),
    UNIMPLEMENTED(501),
    UNAVAILABLE(503);

    private final int httpStatus;

    Kind(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    public int httpStatus() {
      return httpStatus;
    }
  }

  private final Kind kind;

  public Refusal(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
