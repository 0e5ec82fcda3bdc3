package dev.faultline.rollout.judge;

/// Where one stream of a rollout stands.
///
/// `name` says what is counted: `faults`, `faults:<group>`, `latency:p90`, `latency:slo`, `label:<output>`, `score:<output>`. `eValue` is the evidence that the
/// candidate is worse: 1 is none, `min(1, 1/eValue)` a p-value valid at any time; finite, at most 1e300. For faults and latency `estimate` is how many times as
/// often the candidate is concerned as the baseline, for labels and scores by how
/// much the share of the answers moved that moved most; `low` and `high` bound it with
/// probability `1 - alpha` at all times together. `low` is 0 or -1, and `high` `Double.POSITIVE_INFINITY`, when nothing is known.
public record StreamStanding(String name, double eValue, double estimate, double low, double high) {}
