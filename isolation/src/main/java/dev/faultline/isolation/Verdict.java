package dev.faultline.isolation;

import dev.faultline.fault.Mend;
import java.util.List;
import java.util.Optional;

/// The answer of an investigation: a claim, what supports it, what was ruled out, what to do, and what it might be otherwise.
public record Verdict(
    Claim claim,
    List<Proof> evidence,
    List<RuledOut> ruledOut,
    List<Mend> mend,
    List<Reproduction> reproductions,
    List<Claim> alternatives,
    int replays,
    long millis) {

  public static final int ALTERNATIVES_MAX = 3;

  public Verdict {
    evidence = List.copyOf(evidence);
    ruledOut = List.copyOf(ruledOut);
    mend = List.copyOf(mend);
    reproductions = List.copyOf(reproductions);
    alternatives = List.copyOf(alternatives.subList(0, Math.min(ALTERNATIVES_MAX, alternatives.size())));
  }

  public Optional<Reproduction> reproduction() {
    return reproductions.stream().findFirst();
  }
}
