package dev.faultline.rollout.judge.simulation;

/// Diffy's rule as its sources are described: by field, how often the candidate differs from the primary (raw) and the secondary does (noise), numbers compared to the last bit. A field is
/// reported when raw exceeds noise, by more than 20 % of both together and .03 % of all requests. It is read at the end or at each look, and takes nothing back that it did not decide.
final class DiffyRule implements ShadowRule {
  private static final double RELATIVE = .2;
  private static final double ABSOLUTE = .0003;

  private final long[] raw;
  private final long[] noise;
  private long total;

  DiffyRule(ShadowScenario scenario) {
    raw = new long[scenario.fields()];
    noise = new long[scenario.fields()];
  }

  @Override
  public String name() {
    return "Diffy's rule";
  }

  @Override
  public void observe(ShadowScenario.Answers answers) {
    total++;
    for (int i = 0; i < raw.length; i++) {
      raw[i] += answers.failed() || answers.candidate().of(i) != answers.baseline().of(i) ? 1 : 0;
      noise[i] += answers.again().of(i) != answers.baseline().of(i) ? 1 : 0;
    }
  }

  @Override
  public boolean accuses() {
    for (int i = 0; i < raw.length; i++) {
      double beyond = raw[i] - noise[i];
      if (beyond > 0 && beyond / (raw[i] + noise[i]) > RELATIVE && beyond / total > ABSOLUTE) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean passes() {
    return !accuses();
  }
}
