package dev.faultline.isolation.replay;

/// A yes/no experiment on a candidate: runs it, and says whether the fault under investigation shows.
///
/// Each call may cost a replay. When the [Budget] is spent it answers [TrialResult#UNRESOLVED] without running anything, so that a search
/// ends by itself and asks [Budget#isSpent] whether its answer is complete.
@FunctionalInterface
public interface Oracle<T> {
  TrialResult test(T candidate);
}
