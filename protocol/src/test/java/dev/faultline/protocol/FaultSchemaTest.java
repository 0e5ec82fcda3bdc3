package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The published schema says what documents are.
class FaultSchemaTest {
  private final JsonNode schema = schema();

  @Test
  void everyMemberOfADocumentIsInTheSchemaAndRequired() {
    Fault fault = Faults.all("plain").getFirst();
    ObjectNode document =
        FaultDocument.of(Faults.occurrence(fault), Faults.passage(fault), FaultContext.of(FaultContext.Standing.FAULT), DetailLevel.INTERNAL);
    assertSame(schema, document);
    for (String member : new String[] {"model", "request", "wire"}) {
      assertSame(schema.at("/properties/" + member), document.get(member));
    }
  }

  private static void assertSame(JsonNode schema, JsonNode document) {
    assertThat(schema.get("properties").fieldNames()).toIterable().containsExactlyElementsOf(document::fieldNames);
    assertThat(texts(schema.get("required"))).containsExactlyElementsOf(document::fieldNames);
  }

  @Test
  void closedListsAreThoseOfTheCode() {
    assertThat(texts(schema.at("/properties/stage/enum"))).containsExactlyElementsOf(Arrays.stream(Stage.values()).map(Enum::name).toList());
    assertThat(texts(schema.at("/properties/blame/enum"))).containsExactlyInAnyOrderElementsOf(Arrays.stream(Blame.values()).map(Enum::name).toList());
    assertThat(schema.at("/properties/schema/const").asText()).isEqualTo(FaultDocument.SCHEMA);
  }

  private static Iterable<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static JsonNode schema() {
    try {
      return new ObjectMapper().readTree(Path.of("..", "docs", "schemas", "fault.v1.schema.json").toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
