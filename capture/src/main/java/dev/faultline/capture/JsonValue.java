package dev.faultline.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A JSON value that remembers where its scalars stand in the bytes, so that single values can be replaced and all else stays as it was.
sealed interface JsonValue {

  /// `start` inclusive, `end` exclusive. The token tells strings, numbers, booleans and null apart; `text` is a string's value, empty otherwise.
  record Scalar(JsonToken token, int start, int end, String text) implements JsonValue {}

  record Items(List<JsonValue> all) implements JsonValue {
    public Items {
      all = List.copyOf(all);
    }
  }

  record Members(List<Member> all) implements JsonValue {
    public Members {
      all = List.copyOf(all);
    }
  }

  /// Names may come twice.
  record Member(String name, JsonValue value) {
    /// The name as it is compared.
    String folded() {
      return Redaction.folded(name);
    }
  }

  /// The document in UTF-8, empty when it is malformed, in another encoding, or more than one document. NaN and the infinities are read.
  static Optional<JsonValue> read(byte[] bytes) {
    try (JsonParser json = Reading.FACTORY.createParser(bytes)) {
      json.nextToken();
      JsonValue value = new Reading(bytes, json).value();
      return json.nextToken() == null ? Optional.of(value) : Optional.empty();
    } catch (IOException | Reading.Misplaced e) {
      // malformed: the caller keeps nothing of it but length and hash
      return Optional.empty();
    }
  }

  /// All scalars below and including this value.
  default void collect(List<Scalar> into) {
    switch (this) {
      case Scalar scalar -> into.add(scalar);
      case Items items -> items.all.forEach(each -> each.collect(into));
      case Members members -> members.all.forEach(each -> each.value.collect(into));
    }
  }

  /// One pass of the parser over the bytes.
  final class Reading {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    /// The parser's position does not point at the value it reports, as in UTF-16.
    private static final class Misplaced extends RuntimeException {}

    private final byte[] bytes;
    private final JsonParser json;

    private Reading(byte[] bytes, JsonParser json) {
      this.bytes = bytes;
      this.json = json;
    }

    private JsonValue value() throws IOException {
      JsonToken token = json.currentToken();
      if (token == JsonToken.START_ARRAY) {
        return items();
      }
      if (token == JsonToken.START_OBJECT) {
        return members();
      }
      if (token == null || !token.isScalarValue()) {
        throw new Misplaced();
      }
      return scalar(token);
    }

    private JsonValue items() throws IOException {
      var all = new ArrayList<JsonValue>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        all.add(value());
      }
      return new Items(all);
    }

    private JsonValue members() throws IOException {
      var all = new ArrayList<Member>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        all.add(new Member(name, value()));
      }
      return new Members(all);
    }

    private Scalar scalar(JsonToken token) throws IOException {
      int start = (int) json.currentTokenLocation().getByteOffset();
      if (start < 0 || start >= bytes.length || (token == JsonToken.VALUE_STRING) != (bytes[start] == '"')) {
        throw new Misplaced();
      }
      if (token == JsonToken.VALUE_STRING) {
        // reading the text first: an unterminated string fails here
        String text = json.getText();
        return new Scalar(token, start, endOfString(start), text);
      }
      int end = endOfWord(start);
      requireSame(start, end);
      return new Scalar(token, start, end, "");
    }

    private void requireSame(int start, int end) throws IOException {
      char[] text = json.getTextCharacters();
      boolean same = json.getTextLength() == end - start;
      for (int i = 0; same && i < end - start; i++) {
        same = text[json.getTextOffset() + i] == bytes[start + i];
      }
      if (!same) {
        throw new Misplaced();
      }
    }

    private int endOfString(int start) {
      int at = start + 1;
      while (bytes[at] != '"') {
        at += bytes[at] == '\\' ? 2 : 1;
      }
      return at + 1;
    }

    private int endOfWord(int start) {
      int at = start;
      while (at < bytes.length && ",]} \t\r\n".indexOf(bytes[at]) < 0) {
        at++;
      }
      return at;
    }
  }
}
