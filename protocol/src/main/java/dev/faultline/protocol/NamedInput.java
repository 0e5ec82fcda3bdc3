package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.faultline.fault.Field;
import dev.faultline.request.Payload;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of the input in which a payload could not be read: what stands wrong in an object says nothing against the name beside it.
///
/// The payload is read a second time, up to that name; a member that stands twice does not stop this reading, and what is no JSON does.
final class NamedInput {
  private static final Pattern INPUT = Pattern.compile("/inputs/(\\d{1,4})(?:/.*)?", Pattern.DOTALL);
  private static final JsonFactory LENIENT = JsonBounds.FACTORY.rebuild().disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private NamedInput() {}

  /// The same place with the name of the input that it lies in, where that can be read.
  static Field in(Payload payload, Field where) {
    Matcher matcher = INPUT.matcher(where.pointer());
    if (!where.tensor().isEmpty() || !matcher.matches()) {
      return where;
    }
    return name(payload, Integer.parseInt(matcher.group(1)))
        .map(name -> new Field(where.path(), name, List.of(), "", where.pointer()))
        .orElse(where);
  }

  private static Optional<String> name(Payload payload, int index) {
    try (JsonParser parser = LENIENT.createParser(payload.array(), payload.offset(), payload.length())) {
      return toInput(parser, index) ? nameIn(parser) : Optional.empty();
    } catch (IOException _) {
      // the mistake comes before the name
      return Optional.empty();
    }
  }

  private static boolean toInput(JsonParser parser, int index) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT || !toMember(parser, "inputs") || parser.nextToken() != JsonToken.START_ARRAY) {
      return false;
    }
    for (int i = 0; parser.nextToken() == JsonToken.START_OBJECT; i++) {
      if (i == index) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static Optional<String> nameIn(JsonParser parser) throws IOException {
    return toMember(parser, "name") && parser.nextToken() == JsonToken.VALUE_STRING ? Optional.of(Excerpt.name(parser.getText())) : Optional.empty();
  }

  /// Goes on to a member of the object that the parser stands in; false at its end.
  private static boolean toMember(JsonParser parser, String name) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      if (parser.currentName().equals(name)) {
        return true;
      }
      parser.nextToken();
      parser.skipChildren();
    }
    return false;
  }
}
