package dev.faultline.rollout.judge;

import java.util.List;

/// All that a judge of a canary must not forget, as plain data: for a file.
///
/// `shares` are the different shares of traffic seen, in order. `keys` are hashes of the latest keys that had a fault, `overlooked` observations that found no room.
public record JudgeState(
    long startedAtMillis, List<Double> shares, List<Tally> tallies, List<Threshold> thresholds, List<String> excluded, List<Long> keys, long overlooked) {

  public JudgeState {
    shares = List.copyOf(shares);
    tallies = List.copyOf(tallies);
    thresholds = List.copyOf(thresholds);
    excluded = List.copyOf(excluded);
    keys = List.copyOf(keys);
  }

  /// What is counted.
  public enum Kind {
    /// Requests, all of them.
    REQUESTS,
    /// Served requests, each key once.
    SERVED,
    /// Faults of the group `subject`: every one; each key once; each key once among all groups.
    FAULTS,
    FAULTS_BY_KEY,
    FAULTS_FIRST,
    /// Served requests whose latency was measured, each key once (`subject` "", and "p999" since that bound was known); those above the bound `subject`: "p50", "p90", "p99", "p999", "slo".
    TIMED,
    SLOW,
    /// Answers with a label in the output `subject`; those that said `part`.
    LABELLED,
    LABEL,
    /// Answers with a score in the output `subject`; those not above the baseline's decile `part`: "1" to "9".
    SCORED,
    LOW_SCORE
  }

  /// Counts of one thing: for each share those of the baseline and those of the candidate.
  public record Tally(Kind kind, String subject, String part, List<Long> counts) {
    public Tally {
      counts = List.copyOf(counts);
    }
  }

  /// Quantiles of the baseline that answers are held against: of an output's scores, or of the latency ("").
  public record Threshold(String subject, List<Double> bounds) {
    public Threshold {
      bounds = List.copyOf(bounds);
    }
  }
}
