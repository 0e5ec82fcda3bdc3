package dev.faultline.rollout.judge;

import java.util.List;

/// All that a judge of a shadow must not forget, as plain data: for a file.
///
/// `counts` are those of all requests, in the order in which [ShadowJudge] keeps them.
public record ShadowState(long startedAtMillis, List<Long> counts, double noiseFloor, List<Output> outputs, List<Shift> shifts) {

  public ShadowState {
    counts = List.copyOf(counts);
    outputs = List.copyOf(outputs);
    shifts = List.copyOf(shifts);
  }

  /// One output: how many answers differed, by how much at most; on how many requests the candidate's lay further from the baseline's first answer than its second answer did, or nearer; and
  /// on how many that second answer differed at all; on how many the candidate alone said something else, and on how many that second answer alone did.
  public record Output(String name, long different, double maxAbsError, long further, long nearer, long noisy, long otherwise, long otherwiseAgain) {}

  /// What both versions said in one output, request by request; `bounds` are the baseline's deciles.
  public record Shift(String output, List<Double> bounds, List<Part> parts) {
    public Shift {
      bounds = List.copyOf(bounds);
      parts = List.copyOf(parts);
    }
  }

  /// A label, or being at or below a decile: on how many requests that holds for the candidate alone, for both or neither, and for the baseline alone.
  public record Part(boolean isLabel, String name, long first, long neither, long second) {}
}
