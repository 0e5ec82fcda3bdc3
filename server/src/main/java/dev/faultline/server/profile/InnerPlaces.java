package dev.faultline.server.profile;

import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.serving.backend.LaneRun;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// What profiles must know of the models that are loaded: their lanes, and which of them run where no profile of this process sees them.
public record InnerPlaces(Supplier<List<ModelListing>> models) {

  /// What all lanes are busy with.
  public List<LaneRun> lanes() {
    return versions().flatMap(version -> version.lanes().runs().stream()).toList();
  }

  /// Versions with a process of their own, among those wished for.
  public List<String> notes(Wish wish) {
    return versions()
        .filter(version -> wish.model().isEmpty() || version.id().model().equals(wish.model()))
        .filter(version -> wish.version().isEmpty() || version.id().version().equals(wish.version()))
        .filter(version -> WorkerHouse.processOf(version.model()).isPresent())
        .map(version -> version.id() + " runs in a process of its own, which this profile does not see: its lanes show only that they wait")
        .toList();
  }

  private Stream<ModelVersion> versions() {
    return models.get().stream().flatMap(listing -> listing.state() instanceof ModelState.Ready(ModelVersion version, long _) ? Stream.of(version) : Stream.empty());
  }
}
