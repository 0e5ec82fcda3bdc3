package dev.faultline.server.triton;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;

/// A message as Triton's HTTP front end writes it: the names of the `.proto` file, numbers of 64 bits as numbers, and members that hold
/// their default too. Protobuf's own JSON form differs in all three.
public final class JsonFromMessage {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonFromMessage() {}

  public static ObjectNode of(Message message) {
    ObjectNode node = NODES.objectNode();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (!field.hasPresence() || message.hasField(field)) {
        node.set(field.getName(), value(message, field));
      }
    }
    return node;
  }

  private static JsonNode value(Message message, FieldDescriptor field) {
    if (field.isMapField()) {
      return map(message, field);
    }
    return field.isRepeated() ? list(message, field) : single(message.getField(field));
  }

  private static ObjectNode map(Message message, FieldDescriptor field) {
    ObjectNode node = NODES.objectNode();
    for (Object entry : (List<?>) message.getField(field)) {
      MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
      node.set(String.valueOf(pair.getKey()), single(pair.getValue()));
    }
    return node;
  }

  private static ArrayNode list(Message message, FieldDescriptor field) {
    ArrayNode node = NODES.arrayNode();
    for (Object each : (List<?>) message.getField(field)) {
      node.add(single(each));
    }
    return node;
  }

  private static JsonNode single(Object value) {
    return switch (value) {
      case Message message -> of(message);
      case EnumValueDescriptor constant -> NODES.textNode(constant.getName());
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Float number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case ByteString bytes -> NODES.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case Object text -> NODES.textNode(text.toString());
    };
  }
}
