package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.isolation.rule.RuleChange;
import java.util.List;
import java.util.Locale;

/// Differences between two contracts as JSON.
final class ChangesDocument {
  private ChangesDocument() {}

  static ArrayNode of(List<RuleChange> changes) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    changes.forEach(change -> array.addObject()
        .put("about", change.about())
        .put("what", change.what())
        .put("before", change.before().isEmpty() ? null : change.before())
        .put("after", change.after().isEmpty() ? null : change.after())
        .put("effect", change.effect().name().toLowerCase(Locale.ROOT)));
    return array;
  }
}
