package dev.faultline.server;

import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelListing;
import java.util.List;

/// What a start came to: every version that was tried with its state, every path that was passed over and why, the ports, and how long
/// it took from the call of [Faultline#start] to ready.
public record StartReport(Ports ports, List<ModelListing> models, List<Found.Skipped> skipped, long readyMillis) {
  public StartReport {
    models = List.copyOf(models);
    skipped = List.copyOf(skipped);
  }
}
