package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.Thrown;
import dev.faultline.request.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A payload as a stream of JSON tokens. Whatever is wrong with it becomes a `decode.json` fault that says where.
///
/// Longer than most files because every way in which a payload can fail to be JSON is put into words here, and only here.
final class JsonReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final JsonParser parser;
  private final Payload payload;

  /// What is read from a payload; the reader stands on the opening brace.
  interface Reading<T> {
    T from(JsonReader reader) throws IOException;
  }

  private JsonReader(JsonParser parser, Payload payload) {
    this.parser = parser;
    this.payload = payload;
  }

  /// Reads the whole payload, which must be one JSON object in UTF-8 with nothing behind it. A byte order mark is skipped.
  ///
  /// @throws FaultException carrying a `DecodeFault`
  static <T> T read(Payload payload, Reading<T> reading) {
    requireUtf8(payload);
    int skipped = startsWithMark(payload) ? BYTE_ORDER_MARK.length : 0;
    try (JsonParser parser = JsonBounds.FACTORY.createParser(payload.array(), payload.offset() + skipped, payload.length() - skipped)) {
      return new JsonReader(parser, payload).readObject(reading);
    } catch (FaultException e) {
      throw named(payload, e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /// The same fault with the name of the input that it is about.
  private static FaultException named(Payload payload, FaultException fault) {
    if (fault.fault() instanceof DecodeFault.Json(String summary, Field where, List<Thrown> causes)) {
      return named(fault, new DecodeFault.Json(summary, NamedInput.in(payload, where), causes));
    }
    return fault.fault() instanceof DecodeFault.DataTypeUnsupported(String summary, Field where)
        ? named(fault, new DecodeFault.DataTypeUnsupported(summary, NamedInput.in(payload, where)))
        : fault;
  }

  private static FaultException named(FaultException before, DecodeFault named) {
    return before.fault().equals(named) ? before : new FaultException(named, before);
  }

  JsonParser parser() {
    return parser;
  }

  /// Pointer to the value the reader stands on, or to the nearest one when there is none.
  String pointer() {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  /// A fault at the value the reader stands on.
  FaultException fault(String summary) {
    return fault(summary, pointer());
  }

  /// A fault at the value the reader stands on, found out by an exception.
  FaultException fault(String summary, RuntimeException cause) {
    return new FaultException(new DecodeFault.Json(summary, Place.at(pointer()), List.of(Thrown.of(cause))), cause);
  }

  static FaultException fault(String summary, String pointer) {
    return new FaultException(new DecodeFault.Json(summary, Place.at(pointer), List.of()));
  }

  /// A fault that says what kind of value stands here and which was wanted.
  FaultException unexpected(String member, String want) throws IOException {
    return fault(member + " is " + found() + " (expected: " + want + ")");
  }

  void require(JsonToken token, String member, String want) throws IOException {
    if (!parser.hasToken(token)) {
      throw unexpected(member, want);
    }
  }

  /// A string that names something, bounded so that it can stand in messages and be kept.
  String name(String member) throws IOException {
    require(JsonToken.VALUE_STRING, member, "a string");
    if (parser.getTextLength() > JsonBounds.NAME_CHARS_MAX) {
      throw fault(member + " has " + parser.getTextLength() + " characters (expected: at most " + JsonBounds.NAME_CHARS_MAX + ")");
    }
    return sound(member, parser.getText());
  }

  String sound(String member, String text) {
    if (!Excerpt.isSound(text)) {
      throw fault(member + " is not Unicode text: it holds half of a surrogate pair");
    }
    return text;
  }

  /// Byte range, within the array of the payload, of the value the reader stands on; the reader then stands on its end.
  Span skip() throws IOException {
    long start = parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    return new Span(start, parser.currentLocation().getByteOffset());
  }

  /// Reads a skipped range again.
  JsonParser again(Span span) throws IOException {
    int base = payload.offset() + (startsWithMark(payload) ? BYTE_ORDER_MARK.length : 0);
    JsonParser second =
        JsonBounds.FACTORY.createParser(payload.array(), Math.toIntExact(base + span.from), Math.toIntExact(span.to - span.from));
    second.nextToken();
    return second;
  }

  record Span(long from, long to) {}

  private <T> T readObject(Reading<T> reading) throws IOException {
    try {
      if (parser.nextToken() == null) {
        throw fault("the payload is empty (expected: a JSON object)");
      }
      require(JsonToken.START_OBJECT, "the payload", "a JSON object");
      T result = reading.from(this);
      if (parser.nextToken() != null) {
        throw fault("after the end of the request there is " + found() + at(parser.currentTokenLocation()) + " (expected: nothing)");
      }
      return result;
    } catch (JsonProcessingException e) {
      throw notJson(e);
    }
  }

  private FaultException notJson(JsonProcessingException cause) {
    Field where = Place.at(pointer());
    String summary =
        switch (cause) {
          case JsonEOFException _ -> "the payload ends" + at(cause.getLocation()) + " in the middle of a value; it seems cut off";
          case StreamConstraintsException _ -> "the payload exceeds a bound" + at(cause.getLocation()) + ": " + said(cause);
          default ->
              said(cause).startsWith("Duplicate")
                  ? "member '" + Excerpt.name(String.valueOf(parser.getParsingContext().getCurrentName())) + "' stands twice in one object" + at(cause.getLocation())
                  : "the payload is not JSON" + at(cause.getLocation()) + ": " + said(cause);
        };
    return new FaultException(new DecodeFault.Json(summary, where, List.of(Thrown.of(cause))), cause);
  }

  /// What Jackson says of the mistake, without the parts that speak of its own configuration.
  private static String said(JsonProcessingException cause) {
    String message = cause.getOriginalMessage();
    int end = message.length();
    for (String ballast : List.of("\n", " (start marker", ", from `", ": was expecting (JSON", ": enable `")) {
      int found = message.indexOf(ballast);
      end = found < 0 ? end : Math.min(end, found);
    }
    String closing = message.startsWith(", from `", end) ? ")" : "";
    return Excerpt.of(message.substring(0, end) + closing, 2 * Excerpt.NAME_CHARS_MAX);
  }

  private String at(@Nullable JsonLocation location) {
    JsonLocation where = location == null ? parser.currentLocation() : location;
    return " at line " + where.getLineNr() + ", column " + where.getColumnNr();
  }

  private String found() throws IOException {
    return JsonValue.article(parser);
  }

  private static boolean startsWithMark(Payload payload) {
    return payload.length() >= BYTE_ORDER_MARK.length
        && payload.array()[payload.offset()] == BYTE_ORDER_MARK[0]
        && payload.array()[payload.offset() + 1] == BYTE_ORDER_MARK[1]
        && payload.array()[payload.offset() + 2] == BYTE_ORDER_MARK[2];
  }

  private static void requireUtf8(Payload payload) {
    int end = payload.offset() + payload.length();
    int bad = Utf8.firstMalformed(payload.array(), payload.offset(), end);
    if (bad < 0) {
      return;
    }
    int line = 1;
    int column = 1;
    for (int i = payload.offset(); i < bad; i++) {
      boolean newline = payload.array()[i] == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    String found = "0x" + Integer.toHexString(payload.array()[bad] & 0xFF);
    throw fault(
        "the payload is not UTF-8 at line " + line + ", column " + column + " (byte " + (bad - payload.offset()) + "): found " + found, "");
  }
}
