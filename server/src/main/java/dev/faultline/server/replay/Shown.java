package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A fault as a replay shows it. `id` is empty for one that the replay itself met: nobody hears of those.
record Shown(String id, String code, String summary) {

  ObjectNode document() {
    return JsonNodeFactory.instance.objectNode().put("id", id.isEmpty() ? null : id).put("code", code).put("summary", summary);
  }
}
