package dev.faultline.rollout.judge;

import java.util.List;

/// All that a judge of a canary must not forget, as plain data: for a file.
///
/// `shares` are the different shares seen, in order; the counts of a tally are four for each share: of the candidate and of the baseline, each key once, and the same with
/// every request. `keys` are hashes of the latest keys that had a fault.
public record JudgeState(long startedAtMillis, List<Double> shares, List<Tally> tallies, List<Threshold> thresholds, List<String> excluded, List<Long> keys) {

  public JudgeState {
    shares = List.copyOf(shares);
    tallies = List.copyOf(tallies);
    thresholds = List.copyOf(thresholds);
    excluded = List.copyOf(excluded);
    keys = List.copyOf(keys);
  }

  /// What one stream has counted.
  public record Tally(String name, List<Long> counts) {
    public Tally {
      counts = List.copyOf(counts);
    }
  }

  /// Quantiles of the baseline that events are held against: of its latency (name "") or of an output's scores.
  public record Threshold(String name, List<Double> bounds) {
    public Threshold {
      bounds = List.copyOf(bounds);
    }
  }
}
