package dev.faultline.evaluation.score;

import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Truth;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// One thing that a claim says and that is right or wrong by itself.
@SuppressWarnings("ImmutableEnumChecker") // stateless lambdas only
public enum Facet {
  CAUSE(_ -> true, (truth, claim) -> truth.causes().contains(claim.cause())),
  STAGE(truth -> !truth.stages().isEmpty(), (truth, claim) -> truth.stages().contains(claim.stage())),
  VERSION(truth -> !truth.firstBad().isEmpty(), (truth, claim) -> truth.firstBad().equals(claim.firstBad())),
  FIELDS(truth -> !truth.fields().isEmpty(), (truth, claim) -> truth.fields().equals(claim.fields())),
  NODE(truth -> !truth.nodes().isEmpty(), (truth, claim) -> truth.nodes().contains(claim.node())),
  STEP(truth -> !truth.step().isEmpty(), (truth, claim) -> truth.step().equals(claim.step())),
  INITIALIZER(truth -> !truth.initializers().isEmpty(), (truth, claim) -> truth.initializers().contains(claim.initializer())),
  BOUNDARY(truth -> !Double.isNaN(truth.boundary().value()), (truth, claim) -> Math.abs(truth.boundary().value() - claim.boundary()) <= truth.boundary().tolerance());

  private final Predicate<Truth> applies;
  private final BiPredicate<Truth, Claim> right;

  Facet(Predicate<Truth> applies, BiPredicate<Truth, Claim> right) {
    this.applies = applies;
    this.right = right;
  }

  public boolean appliesTo(Truth truth) {
    return applies.test(truth);
  }

  public boolean isRight(Truth truth, Claim claim) {
    return right.test(truth, claim);
  }

  /// Whether it belongs to the joint score: what a user must know to act.
  public boolean isJoint() {
    return this != INITIALIZER && this != BOUNDARY;
  }
}
