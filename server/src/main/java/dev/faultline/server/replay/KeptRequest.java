package dev.faultline.server.replay;

import dev.faultline.request.Arrival;
import dev.faultline.request.ResolvedVersion;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A kept request as a replay takes it. `faults` are what it is asked about, empty for one that was served; `version` the one it met, or
/// would have met. `outputs` is the summary of what it was answered, as JSON, or empty. `bodyBytes` counts what arrived.
record KeptRequest(
    String capture, List<Shown> faults, Arrival arrival, ResolvedVersion version, String outputs, long bodyBytes, Body body) {

  /// How much of the body is kept.
  enum Body {
    WHOLE,
    /// Hidden values stand as zeros.
    REDACTED,
    WITHHELD
  }

  KeptRequest {
    faults = List.copyOf(faults);
  }

  boolean failed() {
    return !faults.isEmpty();
  }

  Set<String> codes() {
    return faults.stream().map(Shown::code).collect(Collectors.toSet());
  }

  /// @throws UnresolvedException when it cannot be run at all
  void requireRunnable() throws UnresolvedException {
    if (body == Body.WITHHELD) {
      throw new UnresolvedException(Lack.BODY_WITHHELD, "its body was withheld by redaction");
    }
    if (arrival.payload().length() == 0 && bodyBytes > 0) {
      throw new UnresolvedException(Lack.BODY_NOT_KEPT, "its body was not kept (the request said faultline_capture: none)");
    }
    if (version.isNone()) {
      throw new UnresolvedException(Lack.NO_MODEL, "it failed before a model was known");
    }
  }
}
