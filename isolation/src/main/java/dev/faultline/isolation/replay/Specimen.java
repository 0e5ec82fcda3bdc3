package dev.faultline.isolation.replay;

import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.ResolvedVersion;
import java.util.List;
import java.util.Optional;

/// A kept request as experiments take it: what arrived, which version took it, and the request decoded where it could be.
///
/// `id` is that of the capture or of the fault. `samplingRate` is the share of like requests that were kept.
public record Specimen(String id, Arrival arrival, ResolvedVersion version, List<InferenceRequest> requests, double samplingRate) {
  public Specimen {
    requests = List.copyOf(requests);
  }

  public Optional<InferenceRequest> request() {
    return requests.stream().findFirst();
  }
}
