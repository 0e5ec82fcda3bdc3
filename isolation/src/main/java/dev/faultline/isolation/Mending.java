package dev.faultline.isolation;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Mend;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Limit;
import java.util.ArrayList;
import java.util.List;

/// What to do about a claim, the nearest first.
record Mending(Case about, Claim claim, VersionDifference difference, Fault fault) {

  List<Mend> list() {
    var mends = new ArrayList<>(fault.mend());
    boolean ownStage = switch (fault.stage()) {
      case PREPROCESS, INFER, POSTPROCESS, CHECK -> true;
      case DECODE, ROUTE, VALIDATE, QUEUE, ENCODE -> false;
    };
    if (ownStage) {
      claim.fields().stream().filter(Mending::hasOneOpenEnd).forEach(field -> field.boundary().ifPresent(limit -> mends.add(new Mend(
          "refuse it before the model: in contract.yaml, inputs: " + field.name() + ": range " + range(limit), command(field, limit)))));
    }
    if (claim.release().isRegression() && claim.cause() != Cause.INPUT) {
      mends.add(new Mend(
          "take version " + claim.release().firstBad() + " out of service until it is mended; version " + claim.release().lastGood() + " answers this request",
          "faultline models unload " + about.model() + " " + claim.release().firstBad()));
    }
    difference.restored().forEach(how -> mends.add(Mend.of(how)));
    if (!claim.step().isEmpty() && claim.cause() == Cause.STEP && claim.release().isRegression()) {
      mends.add(Mend.of("in contract.yaml of version " + claim.release().firstBad() + ", give step '" + claim.step() + "' the settings that version " + claim.release().lastGood() + " has"));
    }
    if (claim.cause() == Cause.ENVIRONMENT) {
      mends.add(Mend.of("report it to the makers of the engine with the reproduction below; until then the model can be exported with the nodes concerned written otherwise"));
    }
    return mends;
  }

  /// A range can refuse all values from some value on, not a single one, and none between two that pass.
  private static boolean hasOneOpenEnd(BlamedField field) {
    return field.limits().size() == 1 && switch (field.limits().getFirst().operator()) {
      case AT_LEAST, ABOVE, AT_MOST, BELOW -> true;
      case EQUAL, IS, IN, NOT_IN -> false;
    };
  }

  private static boolean isUpper(Limit limit) {
    return limit.operator() == Operator.AT_LEAST || limit.operator() == Operator.ABOVE;
  }

  private static String range(Limit limit) {
    return isUpper(limit) ? "at most " + limit.passing() : "at least " + limit.passing();
  }

  /// Only numbers have a range; a boundary of shapes or of a row's place has none that a contract could say.
  private String command(BlamedField field, Limit limit) {
    boolean number = limit.passing() instanceof Reading.Whole || (limit.passing() instanceof Reading.Real(double value) && Double.isFinite(value));
    String operator = isUpper(limit) ? " <= " : " >= ";
    return number ? "faultline contract add " + about.model() + " '" + field.name() + operator + limit.passing() + "'" : "";
  }
}
