package dev.faultline.backend.process;

/// The worker died before a run was answered.
final class WorkerLost extends Exception {
  private final transient WorkerDeath death;
  private final transient WorkerDeath.Role role;

  WorkerLost(WorkerDeath death, Run run) {
    super(death.reason());
    this.death = death;
    this.role = death.roleOf(run);
  }

  WorkerDeath death() {
    return death;
  }

  WorkerDeath.Role role() {
    return role;
  }
}
