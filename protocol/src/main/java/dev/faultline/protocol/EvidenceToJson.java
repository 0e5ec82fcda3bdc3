package dev.faultline.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.NodeRef;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// Evidence as `fault.v1` writes it: `kind` and the facts of that kind.
final class EvidenceToJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private EvidenceToJson() {}

  static ArrayNode all(List<Evidence> evidence) {
    ArrayNode all = NODES.arrayNode();
    evidence.forEach(each -> all.add(one(each)));
    return all;
  }

  static ObjectNode node(NodeRef ref) {
    ObjectNode node = NODES.objectNode();
    node.put("index", ref.index() < 0 ? null : ref.index());
    node.put("name", Excerpt.sound(ref.name()));
    node.put("op", FaultDocument.soundOrNull(ref.op()));
    node.put("output", FaultDocument.soundOrNull(ref.output()));
    return node;
  }

  private static ObjectNode one(Evidence evidence) {
    ObjectNode node = NODES.objectNode();
    switch (evidence) {
      case Evidence.Value(String got, String allowed, String source) -> {
        node.put("kind", "value").put("got", Excerpt.sound(got)).put("allowed", Excerpt.sound(allowed)).put("source", Excerpt.sound(source));
      }
      case Evidence.Engine(String engine, String code, String message) -> {
        node.put("kind", "engine").put("engine", Excerpt.sound(engine)).put("code", Excerpt.sound(code)).put("message", Excerpt.sound(message));
      }
      case Evidence.Summary(String at, TensorSummary summary) -> summary(node.put("kind", "summary").put("at", Excerpt.sound(at)), summary);
      case Evidence.Limit(String name, double got, double limit, String unit) -> {
        node.put("kind", "limit").put("name", Excerpt.sound(name));
        number(node, "got", got);
        number(node, "limit", limit);
        node.put("unit", Excerpt.sound(unit));
      }
      case Evidence.Swallowed(NodeRef by, String value, long nonfinite) -> {
        node.put("kind", "swallowed").set("by", node(by));
        node.put("value", Excerpt.sound(value)).put("nonfinite", nonfinite);
      }
      case Evidence.Batch(int requests, int rows, int firstRow, int calls, String finding) -> {
        node.put("kind", "batch").put("requests", requests).put("rows", rows).put("first_row", firstRow).put("extra_calls", calls);
        node.put("finding", Excerpt.sound(finding));
      }
      case Evidence.Compared(String version, String rollout, boolean saysOtherwise) -> {
        node.put("kind", "compared").put("version", Excerpt.sound(version)).put("rollout", FaultDocument.soundOrNull(rollout)).put("says_otherwise", saysOtherwise);
      }
      case Evidence.Death(int exitCode, String signal, String place, String thread, String log, List<String> lines) -> {
        node.put("kind", "death").put("exit_code", exitCode).put("signal", FaultDocument.soundOrNull(signal));
        node.put("place", FaultDocument.soundOrNull(place)).put("thread", FaultDocument.soundOrNull(thread));
        node.put("log", FaultDocument.soundOrNull(log));
        ArrayNode said = node.putArray("lines");
        lines.forEach(line -> said.add(Excerpt.sound(line)));
      }
    }
    return node;
  }

  private static void summary(ObjectNode node, TensorSummary summary) {
    node.put("tensor", Excerpt.sound(summary.name())).put("datatype", summary.type().name());
    ArrayNode shape = node.putArray("shape");
    for (int axis = 0; axis < summary.shape().rank(); axis++) {
      shape.add(summary.shape().extent(axis));
    }
    node.put("count", summary.count()).put("finite", summary.finite()).put("nan", summary.nan()).put("infinite", summary.infinite());
    number(node, "min", summary.min());
    number(node, "max", summary.max());
    number(node, "mean", summary.mean());
    node.put("first_nonfinite", summary.firstNonfinite() < 0 ? null : summary.firstNonfinite());
  }

  /// JSON has no NaN and no infinity: `null` then, and whole numbers without a fraction.
  private static void number(ObjectNode node, String name, double value) {
    if (!Double.isFinite(value)) {
      node.putNull(name);
    } else if (value == Math.rint(value) && Math.abs(value) < 0x1p53) {
      node.put(name, (long) value);
    } else {
      node.put(name, value);
    }
  }
}
