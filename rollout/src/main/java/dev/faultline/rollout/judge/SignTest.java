package dev.faultline.rollout.judge;

/// Whether a candidate's answers lie further from the baseline's than the baseline's second answers do: the sign test as an e-process.
///
/// If the candidate is as good as a second answer of the baseline, then of the requests on which the two lie at different distances from the first answer either is the further one with
/// probability 1/2, whatever the noise looks like. The mean of likelihood ratios against that, over `theta`, may be read at any time. Wald 1945.
final class SignTest {
  private static final double[] THETAS = {.6, .7, .8, .9, .95, .99};

  private SignTest() {}

  /// @param further requests on which the candidate lies further away; `nearer` those on which the second answer does; ties count in neither
  static double logEvidence(long further, long nearer) {
    double[] logs = new double[THETAS.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = further * Math.log(2 * THETAS[i]) + nearer * Math.log(2 * (1 - THETAS[i]));
    }
    return LogSum.of(logs) - Math.log(logs.length);
  }
}
