package dev.faultline.rollout.judge;

import dev.faultline.compare.Comparison;
import java.util.List;

/// How a candidate dealt with one mirrored request that the baseline had served. `baseline` is what the baseline's answer said, `answered` what the candidate's did.
public sealed interface ShadowAnswer {

  /// It answered: `candidate` compares the baseline's answer (expected) with it, within tolerance.
  record Pair(Comparison candidate, List<OutputFact> baseline, List<OutputFact> answered) implements ShadowAnswer {
    public Pair {
      baseline = List.copyOf(baseline);
      answered = List.copyOf(answered);
    }
  }

  /// It answered, and the baseline was asked a second time: `noise` compares the baseline's first answer (expected) with its second, `exact` with the candidate's, both to the last bit.
  record Triple(Comparison candidate, Comparison exact, Comparison noise, List<OutputFact> baseline, List<OutputFact> answered) implements ShadowAnswer {
    public Triple {
      baseline = List.copyOf(baseline);
      answered = List.copyOf(answered);
    }
  }

  /// It failed with a fault of this group, for which the version is to blame. Mirrored requests that were shed, or did not get a place, are none.
  record Failed(String group) implements ShadowAnswer {}
}
