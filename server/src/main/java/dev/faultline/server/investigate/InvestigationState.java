package dev.faultline.server.investigate;

/// How far an investigation has come. The names are those of the admin API.
public enum InvestigationState {
  QUEUED,
  RUNNING,
  DONE,
  /// It broke off; why is said.
  FAILED,
  CANCELLED;

  public boolean isOver() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }
}
