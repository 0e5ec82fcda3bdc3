package dev.faultline.cli;

/// The exit statuses, which are API: scripts decide by them.
enum ExitCode {
  /// Done, and the answer is good.
  GOOD(0),
  /// Done, and the answer is bad.
  BAD(1),
  /// Called wrongly: an unknown option, an unreadable file, an unusable configuration.
  USAGE(2),
  /// The server cannot be reached, and the command cannot do without.
  UNREACHABLE(3),
  /// A token is missing or was refused.
  FORBIDDEN(4),
  /// There is no such id, model, version or page.
  UNKNOWN(5),
  /// Not enough data, or not reproducible.
  INCONCLUSIVE(6),
  /// Our own bug; a report was written.
  DEFECT(7),
  INTERRUPTED(130);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
