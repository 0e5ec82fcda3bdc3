package dev.faultline.cli;

/// A command ends here, with an exit status and a complaint for the person at the terminal.
final class CommandException extends Exception {
  private final transient Complaint complaint;
  private final ExitCode exitCode;

  CommandException(ExitCode exitCode, Complaint complaint) {
    super(complaint.sentence());
    this.exitCode = exitCode;
    this.complaint = complaint;
  }

  CommandException(ExitCode exitCode, Complaint complaint, Throwable cause) {
    super(complaint.sentence(), cause);
    this.exitCode = exitCode;
    this.complaint = complaint;
  }

  Complaint complaint() {
    return complaint;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
