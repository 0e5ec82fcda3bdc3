package dev.faultline.rollout;

/// What counts as harm in a rollout.
///
/// - `allowedIncrease`: by how much the rate of faults may rise, as a share of the baseline's; `latencySlack`: the same for latency.
/// - `shiftAllowed`: by how much the share of a label, or of scores below a decile of the baseline's, may move.
/// - `changesAllowed`: the share of mirrored requests to which a shadow may say something else.
/// - `sloMillis`: a latency that counts by itself, infinite for none.
public record Strictness(double allowedIncrease, double latencySlack, double shiftAllowed, double changesAllowed, double sloMillis) {

  public static final Strictness DEFAULT = new Strictness(.25, .1, .15, .05, Double.POSITIVE_INFINITY);
}
