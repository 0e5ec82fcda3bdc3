package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.FieldRef;
import dev.faultline.isolation.finding.Condition;

/// A condition as `verdict.v1` has it: dimension, operator, value.
public final class ConditionDocument {
  private static final String FIELD = "field:";

  private ConditionDocument() {}

  /// A value that is never kept is not shown.
  public static ObjectNode of(Condition condition, Redaction redaction) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("dimension", condition.dimension()).put("operator", condition.operator().label());
    boolean hidden = condition.dimension().startsWith(FIELD) && redaction.hides(ref(condition.dimension().substring(FIELD.length())));
    return hidden ? node.put("value", "[redacted]") : node.set("value", RequestDocument.value(condition.value()));
  }

  private static FieldRef ref(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? FieldRef.of(name) : new FieldRef(name.substring(0, dot), name.substring(dot + 1));
  }
}
