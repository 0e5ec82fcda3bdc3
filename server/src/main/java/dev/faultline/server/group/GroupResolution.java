package dev.faultline.server.group;

import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.group.GroupState;
import dev.faultline.server.keep.KeptGroups;
import dev.faultline.server.release.Actor;
import dev.faultline.server.release.AuditTrail;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelRepository;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Says of fault groups that they are gone, or takes that back: on disk and in the audit trail before it is answered.
public final class GroupResolution {
  private final FaultGroups groups;
  private final KeptGroups kept;
  private final ModelRepository models;
  private final AuditTrail audit;
  private final Consumer<FaultGroup> onResolved;
  private final InstantSource clock;

  /// `onResolved` hears of every group that was resolved; it must not wait.
  public GroupResolution(FaultGroups groups, KeptGroups kept, ModelRepository models, AuditTrail audit, Consumer<FaultGroup> onResolved, InstantSource clock) {
    this.groups = groups;
    this.kept = kept;
    this.models = models;
    this.audit = audit;
    this.onResolved = onResolved;
    this.clock = clock;
  }

  /// Gone from `version` on; without one from the newest version that the model has, from every version when it has none.
  ///
  /// @return empty when there is no such group
  public Optional<FaultGroup> resolve(String id, Optional<String> version, Actor actor) {
    Optional<FaultGroup> now = groups.find(id).flatMap(group -> groups.resolve(id, version.orElseGet(() -> newest(group.model())), clock.instant()));
    now.ifPresent(group -> {
      onResolved.accept(group);
      String in = group.state() instanceof GroupState.Resolved resolved ? resolved.version() : "";
      done(group, actor, "group.resolve", in, "group " + id + " is resolved" + (in.isEmpty() ? "" : " in version " + in));
    });
    return now;
  }

  /// @return empty when there is no such group
  public Optional<FaultGroup> reopen(String id, Actor actor) {
    Optional<FaultGroup> now = groups.reopen(id);
    now.ifPresent(group -> done(group, actor, "group.reopen", "", "group " + id + " is open again"));
    return now;
  }

  private void done(FaultGroup group, Actor actor, String action, String version, String what) {
    kept.write();
    audit.record(actor, action, group.model(), version, what);
  }

  private String newest(String model) {
    List<String> versions = models.candidates(model).stream().map(Found.Candidate::version).toList();
    return versions.isEmpty() ? "" : versions.getLast();
  }
}
