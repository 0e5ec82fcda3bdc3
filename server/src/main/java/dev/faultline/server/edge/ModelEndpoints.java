package dev.faultline.server.edge;

import dev.faultline.fault.NearestName;
import dev.faultline.protocol.MetadataJson;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.Optional;

/// What callers may ask about models without asking them anything.
final class ModelEndpoints {
  private final ModelRepository models;

  ModelEndpoints(ModelRepository models) {
    this.models = models;
  }

  Answer list(Call call) {
    return Answer.ok(MetadataJson.models(models.names()));
  }

  /// Metadata of the version asked for, or of the one that would answer.
  Answer metadata(Call call) {
    String name = call.variable("model");
    return unknown(name, call.variable("version")).orElseGet(() -> ready(call).map(version -> metadata(name, version)).orElseGet(() -> notReady(call)));
  }

  Answer ready(Call call, ReadyBody body) {
    String name = call.variable("model");
    boolean ready = ready(call).isPresent();
    return unknown(name, call.variable("version")).orElseGet(() -> Answer.of(ready ? 200 : 503, body.of(name, call.variable("version"), ready)));
  }

  /// How a protocol says whether a model is ready.
  @FunctionalInterface
  interface ReadyBody {
    dev.faultline.request.Payload of(String name, String version, boolean ready);
  }

  private Answer metadata(String name, ModelVersion version) {
    List<String> versions = models.list(name).stream().map(ModelListing::version).toList();
    return Answer.ok(MetadataJson.model(name, versions, version.model().facts().platform(), version.contract()));
  }

  private Optional<ModelVersion> ready(Call call) {
    String name = call.variable("model");
    String version = call.variable("version");
    if (version.isEmpty()) {
      return models.findDefault(name);
    }
    return models.find(name, version).flatMap(state -> state instanceof ModelState.Ready(ModelVersion found, long _) ? Optional.of(found) : Optional.empty());
  }

  private Optional<Answer> unknown(String name, String version) {
    List<ModelListing> versions = models.list(name);
    if (versions.isEmpty()) {
      String hint = NearestName.of(name, models.names()).map(near -> "; did you mean '" + near + "'?").orElse("");
      return Optional.of(Answer.error(404, "there is no model '" + name + "'" + hint));
    }
    if (!version.isEmpty() && models.find(name, version).isEmpty()) {
      String known = String.join(", ", models.versionsAndLabels(name));
      return Optional.of(Answer.error(404, "model '" + name + "' has no version '" + version + "' (expected: one of " + known + ")"));
    }
    return Optional.empty();
  }

  private Answer notReady(Call call) {
    String name = call.variable("model");
    ModelListing newest = models.list(name).getLast();
    String version = call.variable("version").isEmpty() ? newest.version() : call.variable("version");
    String reason = models.find(name, version).map(ModelState::reason).orElse("it has just been removed");
    return Answer.error(503, "model '" + name + "' version " + version + " is not ready: " + reason);
  }
}
