package dev.faultline.serving.route;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.RouteFault;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.ModelRef;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Routes to the version the caller pins, by its own name or by a label, otherwise to the model's default, and without one to the highest
/// that is ready.
public final class RepositoryRouter implements Router {
  private final ModelRepository repository;
  private final BooleanSupplier draining;

  /// `draining` says that the server takes no new requests.
  public RepositoryRouter(ModelRepository repository, BooleanSupplier draining) {
    this.repository = repository;
    this.draining = draining;
  }

  @Override
  public Route route(InferenceRequest request, Arrival arrival) {
    ModelRef asked = request.model();
    if (draining.getAsBoolean()) {
      throw new FaultException(new RouteFault.NotReady(asked.name(), asked.version(), "the server is shutting down"));
    }
    while (true) {
      ModelVersion version = ready(asked).orElseThrow(() -> new FaultException(refusal(asked)));
      // a version retired between the look and the hold: look again, its successor is in place already
      if (version.retain()) {
        return new Route(version);
      }
    }
  }

  private Optional<ModelVersion> ready(ModelRef asked) {
    if (!asked.isPinned()) {
      return repository.findDefault(asked.name());
    }
    return repository.find(asked.name(), asked.version()).flatMap(RepositoryRouter::ready);
  }

  private static Optional<ModelVersion> ready(ModelState state) {
    return state instanceof ModelState.Ready(ModelVersion version, long _) ? Optional.of(version) : Optional.empty();
  }

  private Fault refusal(ModelRef asked) {
    List<ModelListing> versions = repository.list(asked.name());
    if (versions.isEmpty()) {
      return new RouteFault.ModelNotFound(asked.name(), repository.names());
    }
    if (!asked.isPinned()) {
      return noDefault(asked.name(), versions.getLast());
    }
    return repository
        .find(asked.name(), asked.version())
        .<Fault>map(state -> new RouteFault.NotReady(asked.name(), asked.version(), state.reason()))
        .orElseGet(() -> new RouteFault.VersionNotFound(asked.name(), asked.version(), repository.versionsAndLabels(asked.name())));
  }

  private Fault noDefault(String model, ModelListing newest) {
    String chosen = repository.versionNames().of(model).defaultVersion();
    if (chosen.isEmpty()) {
      return new RouteFault.NotReady(model, newest.version(), newest.state().reason());
    }
    String reason = repository.find(model, chosen).map(ModelState::reason).orElse("the repository does not hold it");
    return new RouteFault.NotReady(model, chosen, reason + "; it is the model's default (mend: load it, or faultline models default " + model + " VERSION)");
  }
}
