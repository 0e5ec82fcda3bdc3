package dev.faultline.server.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// One change: who, when, what, of which model. `action` is a word such as `label`, `default`, `load`, `rollout.promote`; `what` says it
/// in one sentence.
public record AuditEntry(long number, Instant at, Actor actor, String action, String model, String version, String what) {

  public ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("schema", "faultline/audit.v1");
    document.put("number", number);
    document.put("at", at.toString());
    document.put("actor", actor.name());
    document.put("address", actor.address().isEmpty() ? null : actor.address());
    document.put("action", action);
    document.put("model", model.isEmpty() ? null : model);
    document.put("version", version.isEmpty() ? null : version);
    return document.put("what", what);
  }
}
