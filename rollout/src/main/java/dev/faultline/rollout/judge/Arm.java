package dev.faultline.rollout.judge;

/// Which of the two versions of a rollout answered: the one in charge, or the one on trial.
public enum Arm {
  BASELINE,
  CANDIDATE
}
