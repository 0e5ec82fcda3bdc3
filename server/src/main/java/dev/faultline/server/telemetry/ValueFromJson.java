package dev.faultline.server.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON document as a structured value of a log record.
final class ValueFromJson {
  private ValueFromJson() {}

  static Value<?> of(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> array(node);
      case BOOLEAN -> Value.of(node.booleanValue());
      case NUMBER -> node.isIntegralNumber() ? Value.of(node.longValue()) : Value.of(node.doubleValue());
      case STRING -> Value.of(node.textValue());
      case NULL, MISSING -> Value.empty();
      case BINARY, POJO -> Value.of(node.asText());
    };
  }

  private static Value<?> object(JsonNode node) {
    Map<String, Value<?>> members = new LinkedHashMap<>();
    node.properties().forEach(member -> members.put(member.getKey(), of(member.getValue())));
    return Value.of(members);
  }

  private static Value<?> array(JsonNode node) {
    List<Value<?>> elements = new ArrayList<>(node.size());
    node.forEach(element -> elements.add(of(element)));
    return Value.of(elements);
  }
}
