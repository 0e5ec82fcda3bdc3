package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.truth.Claim;
import java.util.List;

/// A method that names a culprit from public evidence alone.
public interface Baseline {
  String name();

  Claim claim(Evidence evidence) throws InterruptedException;

  static List<Baseline> all() {
    return List.of(
        new Dummy(),
        new TrivialRule(),
        Ranker.bubbleUpLike(),
        new KlWithRankFusion(),
        Ranker.macroBaseLike(),
        Ranker.ochiai(),
        new DeltaDebugging(),
        new PlainBisection());
  }
}
