package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/// Holds a document against a published schema, in the few words of JSON Schema that ours use: type, const, enum, properties, required, items.
final class SchemaCheck {
  private SchemaCheck() {}

  static void assertFits(Path schema, JsonNode document) throws IOException {
    check(new ObjectMapper().readTree(schema.toFile()), document, "");
  }

  private static void check(JsonNode schema, JsonNode value, String place) {
    if (schema.has("const")) {
      assertThat(value).as(place).isEqualTo(schema.get("const"));
    }
    if (schema.has("enum")) {
      assertThat(schema.get("enum")).as(place).contains(value);
    }
    if (schema.has("type")) {
      assertThat(schema.get("type").toString()).as("%s is %s", place, value).containsAnyOf(types(value));
    }
    members(schema, value, place);
    for (int i = 0; i < value.size() && schema.has("items"); i++) {
      check(schema.get("items"), value.get(i), place + "/" + i);
    }
  }

  private static void members(JsonNode schema, JsonNode value, String place) {
    if (!value.isObject() || !schema.has("properties")) {
      return;
    }
    schema.path("required").forEach(name -> assertThat(value.has(name.asText())).as("%s/%s is there", place, name.asText()).isTrue());
    value.properties().forEach(member -> {
      assertThat(schema.path("properties").has(member.getKey())).as("the schema knows %s/%s", place, member.getKey()).isTrue();
      check(schema.path("properties").get(member.getKey()), member.getValue(), place + "/" + member.getKey());
    });
  }

  private static String[] types(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT, POJO -> new String[] {"\"object\""};
      case ARRAY -> new String[] {"\"array\""};
      case STRING, BINARY -> new String[] {"\"string\""};
      case BOOLEAN -> new String[] {"\"boolean\""};
      case NULL, MISSING -> new String[] {"\"null\""};
      case NUMBER -> value.isIntegralNumber() ? new String[] {"\"integer\"", "\"number\""} : new String[] {"\"number\""};
    };
  }
}
