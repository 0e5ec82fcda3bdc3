package dev.faultline.server.replay;

/// Nothing can be said of a request, and which piece is missing.
final class UnresolvedException extends Exception {
  private final Lack lack;

  UnresolvedException(Lack lack, String message) {
    super(message);
    this.lack = lack;
  }

  Lack lack() {
    return lack;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
