package dev.faultline.server.nodes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Whose nodes are to be timed. `against` is the version to compare with, empty for none; `seconds` how long runs may go on.
public record NodeWish(String model, String version, String against, int seconds) {

  /// The version, and the one it is compared with.
  List<String> versions() {
    return against.isEmpty() ? List.of(version) : List.of(version, against);
  }

  ObjectNode document(String id) {
    return JsonNodeFactory.instance.objectNode()
        .put("schema", "faultline/profile.v1")
        .put("id", id)
        .put("model", model)
        .put("version", version)
        .put("against", against.isEmpty() ? null : against)
        .put("event", "nodes")
        .put("unit", "microseconds")
        .put("seconds", seconds)
        .put("origin", "CALLER")
        .put("reason", "");
  }
}
