package dev.faultline.rollout.judge;

import java.util.List;

/// What a judge says at one moment, and why.
///
/// `settled` means that waiting changes nothing: the verdict is PASS or FAIL, or the time is over. An INCONCLUSIVE that is not settled means *not yet*.
/// `reasons` are sentences to act on, the weightiest first, never empty. `streams` are the standings of all streams, the most suspicious first.
public record Judgement(Verdict verdict, boolean settled, List<String> reasons, List<StreamStanding> streams) {

  public Judgement {
    reasons = List.copyOf(reasons);
    streams = List.copyOf(streams);
  }
}
