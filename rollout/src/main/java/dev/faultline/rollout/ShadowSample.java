package dev.faultline.rollout;

import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;

/// A mirrored request that is kept to find out what those that differ have in common. `differs` says whether the candidate's answer was beyond
/// tolerance or absent, `material` whether it said something else: another label or winner, another type or shape, no number, nothing.
public record ShadowSample(Arrival arrival, InferenceRequest request, boolean differs, boolean material) {

  public String id() {
    return arrival.id().value();
  }

  /// Roughly what it holds on to.
  long weightBytes() {
    return 1_024 + arrival.payload().length() + request.inputs().stream().mapToLong(input -> input.tensor().byteSize()).sum();
  }
}
