package dev.faultline.serving.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.faultline.serving.model.proto.ModelConfig;
import java.util.Map;

/// Triton's model configuration in JSON, as a load call may bring it and as `GET .../config` answers it, made the text of a `config.pbtxt`.
///
/// Fields that are not read here are left out: Triton's own document lists every default.
public final class TritonConfigFromJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private TritonConfigFromJson() {}

  /// @throws IllegalArgumentException when the text is not JSON, or a field has a value of another kind
  public static String text(String json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (!root.isObject()) {
        throw new IllegalArgumentException("the configuration is no JSON object (expected: one, as GET /v2/models/MODEL/config answers it)");
      }
      ModelConfig.Builder config = ModelConfig.newBuilder();
      merge(root, config, "");
      return TextFormat.printer().printToString(config.buildPartial());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the configuration is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static void merge(JsonNode node, Message.Builder builder, String path) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(member.getKey());
      String place = path + member.getKey();
      if (field == null || member.getValue().isNull()) {
        continue;
      }
      if (field.isMapField()) {
        entries(member.getValue(), field, builder, place);
      } else if (field.isRepeated()) {
        require(member.getValue().isArray(), place, member.getValue(), "a list");
        member.getValue().forEach(element -> builder.addRepeatedField(field, value(element, field, builder, place)));
      } else {
        builder.setField(field, value(member.getValue(), field, builder, place));
      }
    }
  }

  private static void entries(JsonNode node, FieldDescriptor field, Message.Builder builder, String place) {
    require(node.isObject(), place, node, "an object");
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor content = field.getMessageType().findFieldByNumber(2);
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      Message.Builder entry = builder.newBuilderForField(field);
      entry.setField(key, member.getKey());
      entry.setField(content, value(member.getValue(), content, entry, place + "." + member.getKey()));
      builder.addRepeatedField(field, entry.build());
    }
  }

  private static Object value(JsonNode node, FieldDescriptor field, Message.Builder builder, String place) {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        require(node.isObject(), place, node, "an object");
        Message.Builder inner = builder.newBuilderForField(field);
        merge(node, inner, place + ".");
        yield inner.buildPartial();
      }
      case ENUM -> {
        EnumValueDescriptor found = field.getEnumType().findValueByName(node.asText());
        require(found != null, place, node, "one of " + field.getEnumType().getValues());
        yield found;
      }
      case STRING -> {
        require(node.isTextual(), place, node, "a text");
        yield node.asText();
      }
      case BOOLEAN -> {
        require(node.isBoolean(), place, node, "true or false");
        yield node.asBoolean();
      }
      // 64-bit integers are texts in protobuf's JSON
      case LONG -> whole(node, place);
      case INT -> Math.toIntExact(whole(node, place));
      case FLOAT, DOUBLE, BYTE_STRING -> throw new IllegalArgumentException(place + " is of a kind that no field here has");
    };
  }

  private static long whole(JsonNode node, String place) {
    try {
      require(node.isIntegralNumber() || node.isTextual(), place, node, "a whole number");
      return Long.parseLong(node.asText());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(place + " is " + node + " (expected: a whole number)", e);
    }
  }

  private static void require(boolean fits, String place, JsonNode node, String expected) {
    if (!fits) {
      throw new IllegalArgumentException(place + " is " + node + " (expected: " + expected + ")");
    }
  }
}
