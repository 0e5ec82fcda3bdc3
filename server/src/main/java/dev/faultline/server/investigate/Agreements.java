package dev.faultline.server.investigate;

import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.ResolvedVersion;
import java.util.List;

/// Requests that two versions were seen to answer alike: what a request that they answer otherwise is compared with.
@FunctionalInterface
public interface Agreements {
  Agreements NONE = (_, _) -> List.of();

  /// Those of a rollout's shadow, as requests that `candidate` served; none when the rollout is not known any more.
  List<Specimen> of(String rollout, ResolvedVersion candidate);
}
