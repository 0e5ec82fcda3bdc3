package dev.faultline.server.contain;

import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.Quarantine;
import dev.faultline.backend.process.WorkerState;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.stream.Stream;

/// How a version that has a process of its own stands right now.
public record WorkerStanding(String model, String version, boolean isUp, int quarantined) {

  /// Of every ready version that has a process.
  public static List<WorkerStanding> of(List<ModelListing> models) {
    return models.stream().flatMap(WorkerStanding::of).toList();
  }

  private static Stream<WorkerStanding> of(ModelListing listing) {
    return listing.state() instanceof ModelState.Ready(ModelVersion version, long _)
        ? WorkerHouse.processOf(version.model()).map(process -> of(listing, process)).stream()
        : Stream.of();
  }

  private static WorkerStanding of(ModelListing listing, ProcessModel process) {
    long held = process.quarantine().entries().stream().filter(Quarantine.Entry::held).count();
    return new WorkerStanding(listing.model(), listing.version(), process.state() instanceof WorkerState.Running, (int) held);
  }
}
