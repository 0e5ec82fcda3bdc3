package dev.faultline.isolation;

import dev.faultline.fault.Stage;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import java.util.List;
import java.util.Optional;

/// What is blamed, and how sure that is. Members that do not apply are empty, never guessed.
public record Claim(
    Confidence confidence,
    Cause cause,
    Stage stage,
    Release release,
    List<BlamedField> fields,
    List<Condition> conditions,
    String step,
    List<BlamedNode> nodes,
    List<BlamedInitializer> initializers,
    String summary) {

  public Claim {
    fields = List.copyOf(fields);
    conditions = List.copyOf(conditions);
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
  }

  /// No more than a cause: an alternative that was not followed.
  public static Claim of(Confidence confidence, Cause cause, Stage stage, Release release, String summary) {
    return new Claim(confidence, cause, stage, release, List.of(), List.of(), "", List.of(), List.of(), summary);
  }

  public Optional<BlamedNode> node() {
    return nodes.stream().findFirst();
  }

  public Optional<BlamedInitializer> initializer() {
    return initializers.stream().findFirst();
  }

  /// Whether somebody is accused.
  public boolean accuses() {
    return confidence == Confidence.VERIFIED || confidence == Confidence.SUPPORTED;
  }
}
