package dev.faultline.rollout.judge;

import java.util.List;

/// Where a shadow stands: the counts, and what they mean.
///
/// `total` mirrored requests, `different` answered beyond tolerance, `failed` not answered. `noiseFloor` is the largest difference between two answers of the baseline
/// to the same request.
public record ShadowStanding(long total, long different, long failed, double noiseFloor, List<Output> outputs, Judgement judgement) {

  public ShadowStanding {
    outputs = List.copyOf(outputs);
  }

  /// One output: how many answers differed in it, and by how much at most; `maxAbsError` is of finite numbers.
  public record Output(String name, long different, double maxAbsError) {}
}
