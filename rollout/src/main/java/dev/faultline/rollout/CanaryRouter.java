package dev.faultline.rollout;

import dev.faultline.request.Arrival;
import dev.faultline.request.Assignment;
import dev.faultline.request.InferenceRequest;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.route.Router;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Gives unpinned requests of a model that has a canary to one of its two versions; all others go on to the usual router.
public final class CanaryRouter implements Router {
  private final Rollouts rollouts;
  private final ModelRepository models;
  private final Router usual;
  private final BooleanSupplier draining;

  public CanaryRouter(Rollouts rollouts, ModelRepository models, Router usual, BooleanSupplier draining) {
    this.rollouts = rollouts;
    this.models = models;
    this.usual = usual;
    this.draining = draining;
  }

  @Override
  public Route route(InferenceRequest request, Arrival arrival) {
    if (request.model().isPinned() || draining.getAsBoolean()) {
      return usual.route(request, arrival);
    }
    return rollouts.running(request.model().name())
        .flatMap(rollout -> given(rollout, arrival))
        .orElseGet(() -> usual.route(request, arrival));
  }

  /// Who is promoted answers at once, and not only when its new name is on the disk: nobody is sent back for that moment.
  private Optional<Route> given(Rollout rollout, Arrival arrival) {
    return switch (rollout.standing().state()) {
      case CANARY -> drawn(rollout, arrival);
      case PROMOTED -> held(rollout.plan().model(), rollout.plan().candidate()).map(Route::new);
      case SHADOWING, ROLLED_BACK, INCONCLUSIVE, ABORTED -> Optional.empty();
    };
  }

  /// A side that is not ready is answered for by the usual router, and then counts for nothing.
  private Optional<Route> drawn(Rollout rollout, Arrival arrival) {
    Assignment assignment = rollout.assign(arrival);
    RolloutPlan plan = rollout.plan();
    return held(plan.model(), assignment.arm() == Assignment.Arm.CANDIDATE ? plan.candidate() : plan.baseline())
        .map(version -> new Route(version, assignment));
  }

  private Optional<ModelVersion> held(String model, String version) {
    while (models.find(model, version).orElse(null) instanceof ModelState.Ready(ModelVersion ready, long _)) {
      // retired between the look and the hold: look again, its successor is in place already
      if (ready.retain()) {
        return Optional.of(ready);
      }
    }
    return Optional.empty();
  }
}
