package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.release.ReleaseException;
import dev.faultline.server.release.Releases;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.VersionNames.Named;
import java.util.List;

/// What a model's versions are called: labels, the default, and moving both.
final class NamesEndpoint {
  private static final List<String> MEMBERS = List.of("version");

  private final ModelRepository models;
  private final Releases releases;

  NamesEndpoint(ModelRepository models, Releases releases) {
    this.models = models;
    this.releases = releases;
  }

  /// A change, or why it cannot be made.
  @FunctionalInterface
  interface Change {
    Named made() throws ReleaseException;
  }

  Answer show(Call call) {
    Query.none(call);
    String model = call.variable("model");
    if (models.list(model).isEmpty()) {
      throw Refusal.notFound("there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")");
    }
    return Json.answer(document(model, releases.of(model)));
  }

  Answer label(Call call) {
    String version = version(call);
    return answer(call, () -> releases.label(call.variable("model"), call.variable("label"), version, Actors.of(call)));
  }

  Answer removeLabel(Call call) {
    Query.none(call);
    return answer(call, () -> releases.removeLabel(call.variable("model"), call.variable("label"), Actors.of(call)));
  }

  Answer setDefault(Call call) {
    String version = version(call);
    return answer(call, () -> releases.setDefault(call.variable("model"), version, Actors.of(call)));
  }

  Answer removeDefault(Call call) {
    Query.none(call);
    return answer(call, () -> releases.removeDefault(call.variable("model"), Actors.of(call)));
  }

  Answer promote(Call call) {
    String version = version(call);
    return answer(call, () -> releases.promote(call.variable("model"), version, Actors.of(call)));
  }

  Answer rollBack(Call call) {
    Query.none(call);
    return answer(call, () -> releases.rollBack(call.variable("model"), Actors.of(call)));
  }

  private static String version(Call call) {
    Query.none(call);
    return Body.of(call, MEMBERS).version("version");
  }

  private Answer answer(Call call, Change change) {
    try {
      return Json.answer(document(call.variable("model"), change.made()));
    } catch (ReleaseException e) {
      throw Refusal.of(e);
    }
  }

  private ObjectNode document(String model, Named named) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("schema", "faultline/names.v1");
    document.put("model", model);
    document.put("default", named.defaultVersion().isEmpty() ? null : named.defaultVersion());
    document.put("former_default", named.formerDefault().isEmpty() ? null : named.formerDefault());
    document.put("answers", models.findDefault(model).map(version -> version.id().version()).orElse(null));
    ObjectNode labels = document.putObject("labels");
    named.labels().forEach(labels::put);
    return document;
  }
}
