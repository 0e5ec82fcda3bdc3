package dev.faultline.isolation;

import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Confidence;
import java.util.Optional;

/// What can be said without a single replay: faults that depend on the moment and not on the request, and those that no replay can show.
final class Triage {
  private Triage() {}

  static Optional<Claim> of(Case about) {
    return switch (about.code()) {
      case QUEUE_FULL, QUEUE_TIMEOUT -> Optional.of(claim(about, Confidence.SUPPORTED, Cause.RESOURCE, "more requests came than the model version could take"));
      case ROUTE_MODEL_NOT_FOUND, ROUTE_VERSION_NOT_FOUND -> Optional.of(claim(about, Confidence.SUSPECTED, Cause.INPUT, about.summary()));
      case ROUTE_NOT_READY, QUEUE_RESTARTING -> Optional.of(claim(about, Confidence.SUSPECTED, Cause.STATE, about.summary()));
      default -> isOver(about.code()) ? Optional.of(claim(about, Confidence.ABSTAINED, Cause.UNKNOWN, about.summary())) : Optional.empty();
    };
  }

  /// The caller ended it: nothing is left to try.
  private static boolean isOver(FaultCode code) {
    return code.label().endsWith(".cancelled") || code.label().endsWith(".deadline");
  }

  private static Claim claim(Case about, Confidence confidence, Cause cause, String summary) {
    return Claim.of(confidence, cause, about.code().stage(), Release.of(about.model(), about.version()), summary);
  }
}
