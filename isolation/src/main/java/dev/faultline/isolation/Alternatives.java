package dev.faultline.isolation;

import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import java.util.List;

/// What else it might be, the likeliest first: the same findings read another way.
final class Alternatives {
  private Alternatives() {}

  static List<Claim> of(Claim claim) {
    return causes(claim).stream().map(cause -> like(claim, cause)).toList();
  }

  private static List<Cause> causes(Claim claim) {
    return switch (claim.cause()) {
      case INTERACTION -> List.of(Cause.MODEL, Cause.INPUT);
      case MODEL -> claim.fields().isEmpty() ? List.of(Cause.ENVIRONMENT) : List.of(Cause.INTERACTION, Cause.INPUT);
      case INPUT -> claim.nodes().isEmpty() ? List.of() : List.of(Cause.MODEL);
      case STEP -> List.of(Cause.MODEL);
      case BATCH_INTERACTION, RESOURCE -> claim.fields().isEmpty() ? List.of() : List.of(Cause.INPUT);
      case CONCURRENCY, STATE, ENVIRONMENT, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> List.of();
    };
  }

  private static Claim like(Claim claim, Cause cause) {
    String version = claim.release().version();
    List<Condition> conditions = claim.conditions().stream()
        .filter(each -> cause == Cause.INPUT ? !each.dimension().equals("version") : cause != Cause.MODEL || each.dimension().equals("version"))
        .toList();
    return new Claim(
        Confidence.SUSPECTED,
        cause,
        claim.stage(),
        claim.release(),
        cause == Cause.MODEL || cause == Cause.ENVIRONMENT ? List.of() : claim.fields(),
        conditions,
        claim.step(),
        claim.nodes(),
        claim.initializers(),
        switch (cause) {
          case MODEL -> "version " + version + " itself is wrong about a sound request";
          case INPUT -> "the request is wrong, and other versions only did not notice";
          case INTERACTION -> "neither the version nor the request is wrong by itself";
          case ENVIRONMENT -> "the engine or its configuration, which is the same for all requests";
          case STEP, BATCH_INTERACTION, RESOURCE, CONCURRENCY, STATE, REPLICA, UPSTREAM, FLAKY, UNKNOWN -> "";
        });
  }
}
