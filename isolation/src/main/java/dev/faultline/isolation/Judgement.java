package dev.faultline.isolation;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Limit;
import java.util.ArrayList;
import java.util.List;

/// From what the trials showed to what may be said: the table of single-factor changes.
///
/// | sound requests on the suspect version | failing request on a good version | cause |
/// |---|---|---|
/// | fail, or most of them | passes | MODEL |
/// | pass | fails, or there is no other | INPUT |
/// | pass | passes, and a field tells failing from passing requests | INTERACTION |
/// | pass | passes, and none does | MODEL |
///
/// Before that come a step, the engine's optimiser, the number of rows, and time or memory: what was exchanged alone and took the fault with it.
record Judgement(
    Case about,
    Fault fault,
    Sound sound,
    VersionFinding versions,
    InputFinding input,
    VersionDifference difference,
    GraphFinding graph,
    List<OptimizerFinding> optimizer,
    List<Limit> batch,
    List<Explanation> explanations,
    boolean rowsInteract) {

  Claim claim() {
    Cause cause = cause();
    List<BlamedField> fields = isOfVersionAlone(cause) ? List.of() : fields(cause);
    List<BlamedNode> nodes = nodes(cause);
    return new Claim(
        confidence(cause),
        cause,
        fault.stage(),
        versions.release(),
        fields,
        conditions(cause, fields),
        difference.step().isEmpty() ? fault.step().orElse("") : difference.step(),
        nodes,
        initializers(cause),
        new Wording(this, cause, fields, nodes).summary());
  }

  /// What the reduction found; without it the place that the fault itself names, of which nothing is known but that.
  private List<BlamedField> fields(Cause cause) {
    if (!input.fields().isEmpty() || cause != Cause.INPUT) {
      return input.fields();
    }
    return fault.field().filter(field -> !field.tensor().isEmpty()).map(field -> new BlamedField(field, Reading.MISSING, Reading.MISSING, List.of())).stream().toList();
  }

  private Cause cause() {
    if (!difference.step().isEmpty()) {
      return Cause.STEP;
    }
    if (!optimizer.isEmpty()) {
      return Cause.ENVIRONMENT;
    }
    if ((rowsInteract || !batch.isEmpty()) && !sound.mostFail() && !versions.flips()) {
      return Cause.BATCH_INTERACTION;
    }
    if (isOfResources() && !sound.mostFail() && !versions.flips()) {
      return Cause.RESOURCE;
    }
    if (sound.mostFail()) {
      return Cause.MODEL;
    }
    if (versions.flips()) {
      return input.flipsBothWays() && Separation.holds(input.fields(), about) ? Cause.INTERACTION : Cause.MODEL;
    }
    return input.sufficient() || sound.first().isPresent() || fault.code().defaultBlame() == Blame.CALLER ? Cause.INPUT : Cause.UNKNOWN;
  }

  private Confidence confidence(Cause cause) {
    boolean verified = switch (cause) {
      case MODEL -> versions.flips() && (sound.mostFail() || difference.flipsBothWays());
      case STEP -> difference.flipsBothWays();
      case INTERACTION -> versions.flips() && input.flipsBothWays();
      case BATCH_INTERACTION -> !batch.isEmpty() || input.flipsBothWays();
      case INPUT, RESOURCE -> input.flipsBothWays();
      case ENVIRONMENT -> optimizer.getFirst().holdsForOthers();
      case CONCURRENCY, STATE, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> false;
    };
    if (verified) {
      return Confidence.VERIFIED;
    }
    return cause == Cause.UNKNOWN ? Confidence.ABSTAINED : Confidence.SUSPECTED;
  }

  private boolean isOfResources() {
    return fault.code() == FaultCode.INFER_TIMEOUT || fault.code() == FaultCode.INFER_OUT_OF_MEMORY;
  }

  /// Then a field that could be exchanged as well says nothing.
  private boolean isOfVersionAlone(Cause cause) {
    return switch (cause) {
      case MODEL, STEP, ENVIRONMENT -> sound.mostFail() || !Separation.holds(input.fields(), about) || !input.flipsBothWays();
      case BATCH_INTERACTION -> !batch.isEmpty();
      case INPUT, INTERACTION, RESOURCE, CONCURRENCY, STATE, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> false;
    };
  }

  /// Where the run goes wrong; for an answer that is only wrong, what the version changed.
  private List<BlamedNode> nodes(Cause cause) {
    boolean beside = cause == Cause.STEP;
    boolean ofTheChange = graph.nodes().isEmpty() || (isSilent() && !difference.nodes().isEmpty());
    return beside ? List.of() : ofTheChange ? difference.nodes() : graph.nodes();
  }

  private List<BlamedInitializer> initializers(Cause cause) {
    return !difference.initializers().isEmpty() ? difference.initializers() : cause == Cause.MODEL ? graph.initializers() : List.of();
  }

  private boolean isSilent() {
    return switch (fault.code()) {
      case CHECK_RANGE, CHECK_SUM, CHECK_VALUES, CHECK_SHAPE, CHECK_MISMATCH -> true;
      default -> false;
    };
  }

  private List<Condition> conditions(Cause cause, List<BlamedField> fields) {
    var conditions = new ArrayList<Condition>();
    fields.stream().filter(field -> !field.field().tensor().isEmpty()).flatMap(field -> ValueClass.conditions(field, about).stream()).distinct().forEach(conditions::add);
    batch.forEach(limit -> conditions.add(new Condition("batch_size", limit.operator(), limit.value())));
    if (versions.flips() && cause != Cause.INPUT) {
      conditions.add(version());
    }
    explanations.stream().findFirst().ifPresent(found -> conditions.addAll(Contrasting.senders(found)));
    return conditions;
  }

  private Condition version() {
    return versions.staysBad()
        ? new Condition("version", Operator.AT_LEAST, Reading.of(versions.release().firstBad()))
        : Condition.equal("version", Reading.of(about.version()));
  }
}
