package dev.faultline.server.health;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.health.ErrorRates.Standing;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Whether the server is ready and its models are sound, and why not.
///
/// Ready when every model has been tried and the server is not leaving, and a version answers of every model that is required. A degraded version makes
/// nothing unready: to take a server away whose model fails half of its requests would fail the other half too.
public final class Health {
  /// Stands for every model.
  public static final String ALL = "*";
  private static final int REASONS_MAX = 20;

  private final Supplier<String> phase;
  private final BooleanSupplier started;
  private final BooleanSupplier leaving;
  private final ModelRepository models;
  private final List<String> required;
  private final ErrorRates rates;

  /// `phase` is the server's, in a word; `started` whether it takes requests as far as that goes, `leaving` whether it is about to stop.
  public Health(Supplier<String> phase, BooleanSupplier started, BooleanSupplier leaving, ModelRepository models, List<String> required, ErrorRates rates) {
    this.phase = phase;
    this.started = started;
    this.leaving = leaving;
    this.models = models;
    this.required = List.copyOf(required);
    this.rates = rates;
  }

  public Readiness readiness() {
    if (leaving.getAsBoolean()) {
      return new Readiness(false, List.of("the server is shutting down"));
    }
    List<String> reasons = started.getAsBoolean() ? missing() : loading();
    return new Readiness(started.getAsBoolean() && reasons.isEmpty(), reasons.stream().limit(REASONS_MAX).toList());
  }

  /// Why a model, or one version of it, does not answer; empty when it does.
  public Optional<String> reason(String model, String version) {
    if (!version.isEmpty()) {
      return models.find(model, version).filter(state -> !(state instanceof ModelState.Ready)).map(state -> reason(model, version, state));
    }
    if (models.findDefault(model).isPresent()) {
      return Optional.empty();
    }
    String chosen = models.versionNames().of(model).defaultVersion();
    List<ModelListing> listed = models.list(model);
    return listed.isEmpty()
        ? Optional.of("there is no model '" + model + "'")
        : Optional.of(listed.stream().filter(each -> each.version().equals(chosen)).findFirst().orElse(listed.getLast())).map(each -> reason(model, each.version(), each.state()));
  }

  /// How the version does that answers for a model, or the named one.
  public Standing standing(String model, String version) {
    Optional<ModelVersion> found = version.isEmpty()
        ? models.findDefault(model)
        : models.find(model, version).flatMap(state -> state instanceof ModelState.Ready(ModelVersion ready, long _) ? Optional.of(ready) : Optional.empty());
    return found.map(each -> rates.of(each.id())).orElse(Standing.SOUND);
  }

  /// `faultline/health.v1`.
  public ObjectNode document() {
    Readiness readiness = readiness();
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/health.v1").put("live", true).put("ready", readiness.isReady());
    document.put("phase", phase.get());
    ArrayNode reasons = document.putArray("reasons");
    readiness.reasons().forEach(reasons::add);
    ArrayNode rows = document.putArray("models");
    boolean degraded = false;
    for (ModelListing listing : models.list()) {
      Standing standing = standing(listing.model(), listing.version());
      degraded |= standing.isDegraded();
      rows.add(row(listing, standing));
    }
    return document.put("state", readiness.isReady() ? degraded ? "DEGRADED" : "READY" : "NOT_READY");
  }

  private ObjectNode row(ModelListing listing, Standing standing) {
    String state = standing.isDegraded() ? "DEGRADED" : listing.state().label();
    String reason = standing.isDegraded() ? standing.reason() : listing.state().reason();
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("model", listing.model()).put("version", listing.version()).put("state", state);
    row.put("reason", reason.isEmpty() ? null : reason).put("required", isRequired(listing.model()));
    return row.put("requests", standing.requests()).put("failed", standing.failed()).put("error_rate", Math.round(1e4 * standing.rate()) / 1e4);
  }

  private boolean isRequired(String model) {
    return required.contains(model) || required.contains(ALL);
  }

  private List<String> missing() {
    var missing = new ArrayList<String>();
    List<String> wanted = required.contains(ALL) ? models.names() : required;
    wanted.forEach(model -> reason(model, "").ifPresent(missing::add));
    return missing;
  }

  private List<String> loading() {
    List<String> loading = models.list().stream().filter(each -> each.state() instanceof ModelState.Loading).map(each -> reason(each.model(), each.version(), each.state())).toList();
    return loading.isEmpty() ? List.of("the server is starting") : loading;
  }

  private static String reason(String model, String version, ModelState state) {
    return "model '" + model + "' version " + version + " is not ready: " + state.reason();
  }
}
