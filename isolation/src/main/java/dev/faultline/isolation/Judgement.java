package dev.faultline.isolation;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.finding.Reading;
import java.util.ArrayList;
import java.util.List;

/// From what the trials showed to what may be said: the table of single-factor changes.
///
/// | passing requests on the suspect version | failing request on a good version | cause |
/// |---|---|---|
/// | fail | passes | MODEL |
/// | pass | fails, or there is no other | INPUT |
/// | pass | passes | INTERACTION; MODEL when the answer was given and is wrong |
record Judgement(
    Case about,
    Fault fault,
    Investigation.Passing passing,
    VersionFinding versions,
    InputFinding input,
    Difference difference,
    List<BlamedNode> nodes,
    List<Explanation> explanations,
    boolean rowsInteract) {


  Claim claim() {
    Cause cause = cause();
    return new Claim(
        confidence(cause),
        cause,
        fault.stage(),
        versions.release(),
        cause == Cause.MODEL && passing.allFail() ? List.of() : input.fields(),
        conditions(cause),
        difference.step().isEmpty() ? fault.step().orElse("") : difference.step(),
        nodes.isEmpty() ? difference.nodes() : nodes,
        difference.initializers(),
        summary(cause));
  }

  private Cause cause() {
    if (!difference.step().isEmpty()) {
      return Cause.STEP;
    }
    if (rowsInteract && !passing.allFail() && !versions.flips()) {
      return Cause.BATCH_INTERACTION;
    }
    if (isOfResources() && !passing.allFail() && !versions.flips()) {
      return Cause.RESOURCE;
    }
    if (passing.allFail()) {
      return Cause.MODEL;
    }
    if (versions.flips()) {
      return isSilent() || !input.sufficient() ? Cause.MODEL : Cause.INTERACTION;
    }
    return input.sufficient() || passing.first().isPresent() ? Cause.INPUT : fault.code().defaultBlame() == dev.faultline.fault.Blame.CALLER ? Cause.INPUT : Cause.UNKNOWN;
  }

  private Confidence confidence(Cause cause) {
    boolean verified = switch (cause) {
      case MODEL -> versions.flips() && (passing.allFail() || input.flipsBothWays() || difference.sufficient());
      case STEP -> difference.sufficient();
      case INTERACTION -> versions.flips() && input.flipsBothWays();
      case INPUT, BATCH_INTERACTION, RESOURCE -> input.flipsBothWays();
      case CONCURRENCY, STATE, ENVIRONMENT, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> false;
    };
    if (verified) {
      return Confidence.VERIFIED;
    }
    return cause == Cause.UNKNOWN ? Confidence.ABSTAINED : Confidence.SUSPECTED;
  }

  private boolean isOfResources() {
    return switch (fault.code()) {
      case INFER_TIMEOUT, INFER_OUT_OF_MEMORY -> true;
      default -> false;
    };
  }

  private boolean isSilent() {
    return switch (fault.code()) {
      case CHECK_RANGE, CHECK_SUM, CHECK_VALUES, CHECK_SHAPE -> true;
      default -> false;
    };
  }

  private List<Condition> conditions(Cause cause) {
    var conditions = new ArrayList<Condition>();
    if (cause != Cause.MODEL || !passing.allFail()) {
      input.fields().stream().filter(field -> !field.field().tensor().isEmpty()).map(BlamedField::condition).forEach(conditions::add);
    }
    if (versions.flips() && cause != Cause.INPUT) {
      conditions.add(Condition.equal("version", Reading.of(about.version())));
    }
    explanations.stream().findFirst().ifPresent(found -> conditions.addAll(Comparison.senders(found)));
    return conditions;
  }

  private String summary(Cause cause) {
    String what = reason();
    String since = since() + (difference.isKnown() ? ", which changed " + difference.words() : "");
    return switch (cause) {
      case INPUT, INTERACTION -> field() + what + since;
      case MODEL -> passing.allFail() ? "version " + about.version() + " fails whatever the input" + since + ": " + what : field() + what + since;
      case STEP, BATCH_INTERACTION, RESOURCE, CONCURRENCY, STATE, ENVIRONMENT, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> what + since;
    };
  }

  private String since() {
    return versions.release().isRegression()
        ? ", on version " + versions.release().firstBad() + " and not on " + versions.release().lastGood()
        : versions.flips() ? ", but not on version " + versions.good() : "";
  }

  private String field() {
    return input.fields().stream().findFirst()
        .map(field -> field.field().path() + " = " + field.value() + field.boundary().map(limit -> " (fails " + limit + ")").orElse("") + ": ")
        .orElse("");
  }

  /// The fault's own words, without what the fields say already.
  private String reason() {
    return fault.evidence().stream()
        .flatMap(each -> each instanceof Evidence.Value value && !value.allowed().isEmpty() ? java.util.stream.Stream.of(value) : java.util.stream.Stream.empty())
        .findFirst()
        .filter(_ -> nodes.stream().findFirst().isPresent())
        .map(value -> "node " + nodes.getFirst().at() + " allows " + value.allowed() + (value.source().isEmpty() ? "" : " (" + value.source() + ")"))
        .orElse(fault.summary());
  }
}
