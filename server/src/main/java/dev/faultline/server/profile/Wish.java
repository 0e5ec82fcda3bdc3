package dev.faultline.server.profile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a profile is to show. `model` empty: the whole server; `version` empty: every version of the model. `reason` says why it is taken
/// when nobody asked for it, and `group` the fault group that it is about.
public record Wish(String model, String version, ProfileEvent event, int seconds, Origin origin, String reason, String group) {

  public enum Origin {
    CALLER,
    AUTO
  }

  boolean isOf(Owner owner) {
    return model.isEmpty() ? !owner.isRest() : owner.isOf(model, version);
  }

  /// What stands in the flame graph: requests before their version is known may be the model's.
  boolean shows(Owner owner) {
    return model.isEmpty() || isOf(owner) || owner.isUnrouted();
  }

  /// For people.
  String subject() {
    return model.isEmpty() ? "the models" : version.isEmpty() ? model : model + "/" + version;
  }

  ObjectNode document(String id) {
    return JsonNodeFactory.instance.objectNode()
        .put("schema", "faultline/profile.v1")
        .put("id", id)
        .put("model", model.isEmpty() ? null : model)
        .put("version", version.isEmpty() ? null : version)
        .put("event", event.label())
        .put("unit", event.unit())
        .put("seconds", seconds)
        .put("origin", origin.name())
        .put("reason", reason)
        .put("group", group.isEmpty() ? null : group);
  }
}
