package dev.faultline.evaluation.score;

import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Confidence;
import dev.faultline.evaluation.truth.Truth;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// A claim held against the truth.
///
/// @param conditionsApply whether the fault covers some requests and not others
/// @param conditionsRight whether the claimed conditions cover the rows that the fault covers
public record Judged(Truth truth, Claim claim, boolean conditionsApply, boolean conditionsRight) {
  private static final int RANKS = 3;

  public boolean isRight(Facet facet) {
    return facet.isRight(truth, claim);
  }

  /// Right in one of the first three claims.
  public boolean isRightIn3(Facet facet) {
    return ranked().anyMatch(each -> facet.isRight(truth, each));
  }

  /// Every facet that applies is right.
  public boolean isJointlyRight() {
    return isJointlyRight(claim);
  }

  public boolean isJointlyRightIn3() {
    return ranked().anyMatch(this::isJointlyRight);
  }

  private boolean isJointlyRight(Claim each) {
    return Arrays.stream(Facet.values()).filter(facet -> facet.isJoint() && facet.appliesTo(truth)).allMatch(facet -> facet.isRight(truth, each));
  }

  /// The worst there is: sure, and wrong about who is to blame.
  public boolean isVerifiedAndWrong() {
    boolean blamesRight = Stream.of(Facet.CAUSE, Facet.VERSION, Facet.FIELDS).filter(facet -> facet.appliesTo(truth)).allMatch(this::isRight);
    return claim.confidence() == Confidence.VERIFIED && !blamesRight;
  }

  /// Members said although they do not apply.
  public List<String> moreThanIsTrue() {
    return Stream.of(
            truth.firstBad().isEmpty() && !claim.firstBad().isEmpty() ? "first_bad" : "",
            truth.fields().isEmpty() && !claim.fields().isEmpty() ? "fields" : "",
            truth.step().isEmpty() && !claim.step().isEmpty() ? "step" : "",
            truth.initializers().isEmpty() && !claim.initializer().isEmpty() ? "initializer" : "")
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /// Harmonic mean of precision and recall of the named fields; 0 when none was right.
  public double fieldsF1() {
    var common = new HashSet<>(claim.fields());
    common.retainAll(truth.fields());
    int said = claim.fields().size();
    return said == 0 ? 0 : 2.0 * common.size() / (said + truth.fields().size());
  }

  /// Fields returned for each planted one; 0 when none was returned.
  public double minimalInputRatio() {
    return truth.fields().isEmpty() ? 0 : (double) claim.fields().size() / truth.fields().size();
  }

  private Stream<Claim> ranked() {
    return Stream.concat(Stream.of(claim), claim.alternatives().stream()).limit(RANKS);
  }
}
