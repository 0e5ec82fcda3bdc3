package dev.faultline.rollout.judge.simulation;

import java.util.Map;
import java.util.TreeMap;

/// How often a rule accused candidates of one scenario, by the number of requests, and let them pass in the end.
final class ShadowScore {
  private final Map<Integer, Integer> accused = new TreeMap<>();
  private int trials;
  private int passed;

  void read(int requests, boolean accuses) {
    accused.merge(requests, accuses ? 1 : 0, Integer::sum);
  }

  void end(boolean passes) {
    trials++;
    passed += passes ? 1 : 0;
  }

  double accused(int requests) {
    return share(accused.getOrDefault(requests, 0));
  }

  double passed() {
    return share(passed);
  }

  /// Wilson's bounds of the share accused.
  double[] bounds(int requests) {
    return Score.bounds(accused.getOrDefault(requests, 0), trials);
  }

  private double share(int count) {
    return (double) count / trials;
  }
}
