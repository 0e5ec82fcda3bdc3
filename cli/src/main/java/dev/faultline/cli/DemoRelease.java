package dev.faultline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// How a version's canary ended in the demo: `rollout` is `rollout.v1`, `requests` how many were sent meanwhile, `served` how many of them were answered with 200.
record DemoRelease(JsonNode rollout, long requests, long served) {

  String id() {
    return Members.text(rollout, "id");
  }

  String candidate() {
    return Members.text(rollout, "candidate");
  }

  String state() {
    return Members.text(rollout, "state");
  }

  String reason() {
    return Members.text(rollout, "reason");
  }

  ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("id", id()).put("candidate", candidate()).put("state", state());
    return document.put("requests", requests).put("served", served).put("reason", reason());
  }
}
