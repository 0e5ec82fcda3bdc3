package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.fault.FaultException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// A `parameters` object of the V2 protocol: strings, numbers and booleans by name, as String, Long, Double and Boolean.
///
/// `null` in place of the whole object means none; inside it is refused, as are arrays, objects, and numbers that neither a
/// `long` nor a finite `double` can hold. MLServer's `headers` is the one object that is taken: it is kept as its JSON text.
final class ParametersFromJson {
  static final String HEADERS = "headers";

  private ParametersFromJson() {}

  static Map<String, Object> read(JsonReader reader, String owner) throws IOException {
    JsonParser parser = reader.parser();
    if (parser.hasToken(JsonToken.VALUE_NULL)) {
      return Map.of();
    }
    reader.require(JsonToken.START_OBJECT, owner, "an object");
    var parameters = new LinkedHashMap<String, Object>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      parameters.put(reader.sound("the parameter's name", name), value(reader, name));
    }
    return parameters;
  }

  private static Object value(JsonReader reader, String name) throws IOException {
    JsonParser parser = reader.parser();
    return switch (parser.currentToken()) {
      case VALUE_STRING -> reader.sound("parameter '" + Excerpt.name(name) + "'", parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> whole(reader, name);
      case VALUE_NUMBER_FLOAT -> finite(reader, name);
      case START_OBJECT -> object(reader, name);
      case VALUE_NULL, START_ARRAY, END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw unfit(reader, name);
    };
  }

  private static String object(JsonReader reader, String name) throws IOException {
    if (!name.equals(HEADERS)) {
      throw unfit(reader, name);
    }
    var text = new StringWriter();
    try (JsonGenerator out = JsonBounds.FACTORY.createGenerator(text)) {
      out.copyCurrentStructure(reader.parser());
    }
    return text.toString();
  }

  private static Object whole(JsonReader reader, String name) throws IOException {
    if (reader.parser().getNumberType() == NumberType.BIG_INTEGER) {
      throw unfit(reader, name);
    }
    return reader.parser().getLongValue();
  }

  private static Object finite(JsonReader reader, String name) throws IOException {
    double value = reader.parser().getDoubleValue();
    if (!Double.isFinite(value)) {
      throw unfit(reader, name);
    }
    return value;
  }

  private static FaultException unfit(JsonReader reader, String name) throws IOException {
    return reader.unexpected("parameter '" + Excerpt.name(name) + "'", "a string, a finite 64-bit number or a boolean");
  }
}
