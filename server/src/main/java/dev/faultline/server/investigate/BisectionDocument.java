package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.Bisection;
import dev.faultline.isolation.Over;
import dev.faultline.isolation.Release;
import java.util.Locale;

/// `faultline/bisection.v1`: where a fault begins, along one thing that was searched. Every member is always there; what does not apply is
/// `null` or empty.
final class BisectionDocument {
  private static final String SCHEMA = "faultline/bisection.v1";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private BisectionDocument() {}

  /// Of a search along versions or levels of optimisation.
  static ObjectNode of(Bisection found, String fault, String group) {
    ObjectNode document = head(found.over(), fault, group, found.isConclusive(), found.summary());
    Release release = found.release();
    document.set("model", VerdictDocument.model(release));
    ArrayNode trials = document.putArray("trials");
    found.trials().forEach(each -> trials.addObject().put("on", each.on()).put("result", each.result().name()));
    document.put("level", found.level().isEmpty() ? null : found.level());
    found.rewritings().forEach(document.putArray("optimizers")::add);
    document.putArray("fields");
    document.set("node", found.node().map(VerdictDocument::node).orElse(null));
    document.putNull("initializer");
    ArrayNode evidence = document.putArray("evidence");
    found.evidence().forEach(proof -> evidence.add(VerdictDocument.proof(proof, false)));
    return document.put("replays", found.replays()).put("millis", found.millis());
  }

  /// Of a search along the input or the graph: that part of a verdict.
  static ObjectNode of(Over over, JsonNode verdict) {
    boolean found = over == Over.INPUT ? !verdict.path("fields").isEmpty() : verdict.path("node").isObject();
    ObjectNode document = head(over, verdict.path("fault").asText(), verdict.path("group").asText(""), found, summary(over, found, verdict));
    document.set("model", verdict.path("model"));
    document.putArray("trials");
    document.putNull("level").putArray("optimizers");
    document.set("fields", over == Over.INPUT ? verdict.path("fields") : NODES.arrayNode());
    document.set("node", over == Over.NODE ? verdict.path("node") : NODES.nullNode());
    document.set("initializer", over == Over.NODE ? verdict.path("initializer") : NODES.nullNode());
    document.set("evidence", verdict.path("evidence"));
    return document.put("replays", verdict.path("replays").asInt()).put("millis", verdict.path("millis").asLong());
  }

  private static String summary(Over over, boolean found, JsonNode verdict) {
    String nothing = over == Over.INPUT ? "no value of the input makes the difference: " : "no graph node is to blame: ";
    return (found ? "" : nothing) + verdict.path("summary").asText();
  }

  private static ObjectNode head(Over over, String fault, String group, boolean conclusive, String summary) {
    ObjectNode document = NODES.objectNode().put("schema", SCHEMA).put("fault", fault).put("group", group.isEmpty() ? null : group);
    return document.put("over", over.name().toLowerCase(Locale.ROOT)).put("conclusive", conclusive).put("summary", summary);
  }
}
