package dev.faultline.server.triton;

import dev.faultline.fault.NearestName;
import dev.faultline.server.triton.Refusal.Kind;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;

/// Finds the models that calls other than inference speak of, or says why there is none.
public final class ModelLookup {
  private final ModelRepository models;

  public ModelLookup(ModelRepository models) {
    this.models = models;
  }

  /// The version asked for, or the one that would answer when `version` is empty.
  public ModelVersion ready(String model, String version) throws Refusal {
    List<ModelListing> known = known(model, version);
    if (version.isEmpty()) {
      return models.findDefault(model).orElseThrow(() -> notReady(known.getLast()));
    }
    ModelListing listing = known.getFirst();
    if (listing.state() instanceof ModelState.Ready(ModelVersion found, long _)) {
      return found;
    }
    throw notReady(listing);
  }

  public boolean isReady(String model, String version) throws Refusal {
    return known(model, version).stream().anyMatch(listing -> listing.state() instanceof ModelState.Ready);
  }

  /// The versions that a name, or a name and a version, mean; at least one.
  public List<ModelListing> known(String model, String version) throws Refusal {
    List<ModelListing> versions = models.list(model);
    if (versions.isEmpty()) {
      String hint = NearestName.of(model, models.names()).map(near -> "; did you mean '" + near + "'?").orElse("");
      throw new Refusal(Kind.NOT_FOUND, "there is no model '" + model + "'" + hint);
    }
    String own = models.resolve(model, version).orElse(version);
    List<ModelListing> meant = versions.stream().filter(each -> version.isEmpty() || each.version().equals(own)).toList();
    if (meant.isEmpty()) {
      String names = String.join(", ", models.versionsAndLabels(model));
      throw new Refusal(Kind.NOT_FOUND, "model '" + model + "' has no version '" + version + "' (expected: one of " + names + ")");
    }
    return meant;
  }

  /// Every version there is, of every model when the name is empty.
  public List<ModelListing> all(String model, String version) throws Refusal {
    return model.isEmpty() ? models.list() : known(model, version);
  }

  private static Refusal notReady(ModelListing listing) {
    return new Refusal(Kind.UNAVAILABLE, "model '" + listing.model() + "' version " + listing.version() + " is not ready: " + listing.state().reason());
  }
}
