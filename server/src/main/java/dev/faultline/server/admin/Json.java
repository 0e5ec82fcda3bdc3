package dev.faultline.server.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Documents as trees, in and out.
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static Answer answer(JsonNode document) {
    return Answer.ok(Payload.of(bytes(document), "application/json"));
  }

  static byte[] bytes(JsonNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }

  /// A document that was kept as text.
  static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("what is kept is not JSON", e);
    }
  }

  /// The object that a caller sent.
  static JsonNode object(Payload body) {
    try {
      JsonNode tree = MAPPER.readTree(body.array(), body.offset(), body.length());
      if (tree != null && tree.isObject()) {
        return tree;
      }
      throw Refusal.badRequest("the body is no JSON object");
    } catch (IOException e) {
      throw Refusal.badRequest("the body is not JSON: " + e.getMessage());
    }
  }
}
