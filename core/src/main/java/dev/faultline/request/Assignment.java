package dev.faultline.request;

/// Which side of a rollout a request was given to. `rollout` is the rollout's id, empty outside any; `share` is the candidate's part of the
/// unpinned requests at that moment, 0 to 1.
public record Assignment(String rollout, Arm arm, double share) {

  /// The two sides of a rollout.
  public enum Arm {
    BASELINE("baseline"),
    CANDIDATE("candidate");

    private final String label;

    Arm(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /// The request is part of no rollout.
  public static final Assignment NONE = new Assignment("", Arm.BASELINE, 0);

  public boolean isNone() {
    return rollout.isEmpty();
  }
}
