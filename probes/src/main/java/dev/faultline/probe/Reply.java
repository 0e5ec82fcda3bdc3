package dev.faultline.probe;

/// What came back on a call.
public sealed interface Reply {
  long millis();

  /// An HTTP answer. `fault` and `suspicion` are what its headers say, empty codes when they say nothing.
  record Answered(int status, String body, HeaderFault fault, HeaderFault suspicion, long millis) implements Reply {}

  /// No answer within the time a probe has.
  record Silent(long millis) implements Reply {}

  /// The connection ended without an answer.
  record Cut(String reason, long millis) implements Reply {}
}
