package dev.faultline.evaluation.truth;

import java.util.List;
import java.util.Set;

/// What an engine or a baseline says about one case, in the words of [Truth].
///
/// @param boundary the value from which on it is said to fail; NaN for none
/// @param alternatives further claims, the likeliest first
public record Claim(
    Confidence confidence,
    Cause cause,
    String stage,
    String firstBad,
    Set<Place> fields,
    String node,
    String initializer,
    String step,
    List<Condition> conditions,
    double boundary,
    List<Claim> alternatives,
    int replays,
    long millis) {
  public static final Claim NONE = of(Confidence.NONE, Cause.NONE, "");

  public Claim {
    fields = Set.copyOf(fields);
    conditions = List.copyOf(conditions);
    alternatives = List.copyOf(alternatives);
  }

  public static Claim of(Confidence confidence, Cause cause, String stage) {
    return new Claim(confidence, cause, stage, "", Set.of(), "", "", "", List.of(), Double.NaN, List.of(), 0, 0);
  }

  public Claim firstBad(String version) {
    return new Claim(confidence, cause, stage, version, fields, node, initializer, step, conditions, boundary, alternatives, replays, millis);
  }

  public Claim fields(Set<Place> places) {
    return new Claim(confidence, cause, stage, firstBad, places, node, initializer, step, conditions, boundary, alternatives, replays, millis);
  }

  public Claim at(String nodeName, String stepName) {
    return new Claim(confidence, cause, stage, firstBad, fields, nodeName, initializer, stepName, conditions, boundary, alternatives, replays, millis);
  }

  public Claim when(List<Condition> terms) {
    return new Claim(confidence, cause, stage, firstBad, fields, node, initializer, step, terms, boundary, alternatives, replays, millis);
  }

  public Claim or(List<Claim> others) {
    return new Claim(confidence, cause, stage, firstBad, fields, node, initializer, step, conditions, boundary, others, replays, millis);
  }

  public Claim spent(int replaysUsed, long millisUsed) {
    return new Claim(confidence, cause, stage, firstBad, fields, node, initializer, step, conditions, boundary, alternatives, replaysUsed, millisUsed);
  }
}
