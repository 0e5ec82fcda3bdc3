package dev.faultline.rollout.judge;

import java.util.List;

/// All that a judge of a shadow must not forget, as plain data: for a file.
public record ShadowState(long startedAtMillis, List<Long> counts, double noiseFloor, List<Output> outputs, List<Fact> facts) {

  public ShadowState {
    counts = List.copyOf(counts);
    outputs = List.copyOf(outputs);
    facts = List.copyOf(facts);
  }

  /// Counts of one output.
  public record Output(String name, List<Long> counts, double maxAbsError) {
    public Output {
      counts = List.copyOf(counts);
    }
  }

  /// A difference or failure, how often it was reproduced, and how often it was not.
  public record Fact(String what, long reproduced, long notReproduced) {}
}
