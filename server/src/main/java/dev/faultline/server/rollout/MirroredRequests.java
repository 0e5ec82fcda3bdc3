package dev.faultline.server.rollout;

import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.ShadowSample;
import dev.faultline.server.investigate.Agreements;
import java.util.List;
import java.util.function.Predicate;

/// Mirrored requests on which a candidate agreed with the baseline, from the samples of its shadow.
public final class MirroredRequests implements Agreements {
  private final Rollouts rollouts;

  public MirroredRequests(Rollouts rollouts) {
    this.rollouts = rollouts;
  }

  @Override
  public List<Specimen> of(String rollout, ResolvedVersion candidate) {
    return rollouts.find(rollout).map(found -> agreeing(found, candidate)).orElse(List.of());
  }

  private static List<Specimen> agreeing(Rollout rollout, ResolvedVersion candidate) {
    Predicate<ShadowSample> differs = rollout.tally().telling().orElse(ShadowSample::differs);
    return rollout.tally().samples().stream()
        .filter(differs.negate())
        .map(each -> new Specimen(each.id(), each.arrival(), candidate, List.of(each.request()), 1))
        .toList();
  }
}
