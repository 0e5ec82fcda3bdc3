package dev.faultline.isolation;

import dev.faultline.fault.Evidence;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Reading;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a verdict says in one sentence: where, at which value, why, since when, and by which change.
record Wording(Judgement judgement, Cause cause, List<BlamedField> fields, List<BlamedNode> nodes) {

  String summary() {
    String since = since() + change();
    return switch (cause) {
      case INPUT, INTERACTION, RESOURCE -> field() + reason() + since;
      case MODEL -> judgement.sound().mostFail() ? ofMost() + since + ": " + reason() : field() + reason() + since;
      case BATCH_INTERACTION -> (judgement.batch().isEmpty() ? "rows that pass alone fail together: " : "it is the number of rows (fails " + limits() + "): ") + reason() + since;
      case ENVIRONMENT -> "only with " + judgement.optimizer().getFirst().words() + ", and not on the graph as it stands in the file: " + reason() + since;
      case STEP, CONCURRENCY, STATE, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> reason() + since;
    };
  }

  private String ofMost() {
    Sound sound = judgement.sound();
    String version = "version " + judgement.about().version();
    return sound.allFail() ? version + " fails whatever the input" : version + " fails %d of %d requests that were sound before".formatted(sound.failed(), sound.tried());
  }

  private String since() {
    Release release = judgement.versions().release();
    return release.isRegression()
        ? ", on version " + release.firstBad() + (judgement.versions().staysBad() ? " and later" : "") + " and not on " + release.lastGood()
        : judgement.versions().flips() ? ", but not on version " + judgement.versions().good() : "";
  }

  private String change() {
    return judgement.difference().isKnown() ? ", which changed " + judgement.difference().words() : "";
  }

  private String limits() {
    return judgement.batch().stream().map(Object::toString).collect(Collectors.joining(" and "));
  }

  private String field() {
    return fields.stream().map(Wording::said).collect(Collectors.joining(" and ")) + (fields.isEmpty() ? "" : ": ");
  }

  private static String said(BlamedField field) {
    String limits = field.limits().stream().map(Object::toString).collect(Collectors.joining(" and "));
    if (field.value() instanceof Reading.Missing && field.baseline() instanceof Reading.Missing) {
      return field.field().path();
    }
    String what = field.value() instanceof Reading.Extents ? " of shape " : " = ";
    return field.field().path() + what + field.value() + (limits.isEmpty() ? "" : " (fails " + limits + ")");
  }

  /// The engine's rule at the node where that is known; otherwise the fault's own words.
  private String reason() {
    if (!judgement.graph().words().isEmpty() && !nodes.isEmpty()) {
      return "node " + nodes.getFirst().at() + ": " + judgement.graph().words();
    }
    return judgement.fault().evidence().stream()
        .flatMap(each -> each instanceof Evidence.Value value && !value.allowed().isEmpty() ? Stream.of(value) : Stream.empty())
        .findFirst()
        .filter(_ -> !nodes.isEmpty())
        .map(value -> "node " + nodes.getFirst().at() + " allows " + value.allowed() + (value.source().isEmpty() ? "" : " (" + value.source() + ")"))
        .orElse(judgement.fault().summary());
  }
}
