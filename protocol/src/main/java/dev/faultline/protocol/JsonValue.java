package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// The JSON value a parser stands on, as messages speak of it.
final class JsonValue {
  private JsonValue() {}

  /// The kind of value, with its text where it is short: `the number 7`, `an array`.
  static String article(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "the string " + text(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + text(parser);
      case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> text(parser);
      case FIELD_NAME, END_ARRAY, END_OBJECT, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "'" + text(parser) + "'";
    };
  }

  /// The JSON text, shortened: `"120"`, `1e999`, `null`, `{...}`.
  static String text(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> "{...}";
      case START_ARRAY -> "[...]";
      case VALUE_STRING -> "\"" + Excerpt.value(parser.getText()) + "\"";
      case VALUE_NUMBER_INT,
          VALUE_NUMBER_FLOAT,
          VALUE_TRUE,
          VALUE_FALSE,
          VALUE_NULL,
          FIELD_NAME,
          END_ARRAY,
          END_OBJECT,
          NOT_AVAILABLE,
          VALUE_EMBEDDED_OBJECT ->
          Excerpt.value(parser.getText());
    };
  }

  static boolean isContainer(JsonParser parser) {
    return parser.currentToken().isStructStart();
  }
}
