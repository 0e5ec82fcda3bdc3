package dev.faultline.serving.declaration;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where a value stands in a YAML text: from `start` to `end`, which is behind its last character that says something.
///
/// `column` is that of its first member's key; `members` are those of a mapping, with their keys' lines.
record YamlPlace(Form form, int start, int end, int column, Map<String, YamlPlace> members) {

  /// How it is written.
  enum Form {
    BLOCK_MAPPING,
    /// `{a: 1}`
    FLOW_MAPPING,
    /// Nothing behind the key.
    EMPTY,
    OTHER
  }

  /// Of a whole text, whose parser stands at the first token.
  static YamlPlace read(YAMLParser parser, String text) throws IOException {
    JsonToken token = parser.currentToken();
    int start = offset(parser.currentTokenLocation(), text);
    if (token == JsonToken.START_OBJECT) {
      return mapping(parser, text, start);
    }
    if (token == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        read(parser, text);
      }
    }
    int end = offset(parser.currentLocation(), text);
    return new YamlPlace(end == start ? Form.EMPTY : Form.OTHER, start, trimmed(text, start, end), 0, Map.of());
  }

  private static YamlPlace mapping(YAMLParser parser, String text, int start) throws IOException {
    Form form = start < text.length() && text.charAt(start) == '{' ? Form.FLOW_MAPPING : Form.BLOCK_MAPPING;
    Map<String, YamlPlace> members = new LinkedHashMap<>();
    int column = -1;
    int last = start;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      int key = offset(parser.currentTokenLocation(), text);
      column = column < 0 ? key - lineStart(text, key) : column;
      last = offset(parser.currentLocation(), text);
      parser.nextToken();
      YamlPlace value = read(parser, text);
      last = Math.max(last, value.end());
      members.put(name, value);
    }
    int end = form == Form.FLOW_MAPPING ? offset(parser.currentLocation(), text) : last;
    return new YamlPlace(form, start, end, Math.max(0, column), members);
  }

  static int lineStart(String text, int at) {
    return text.lastIndexOf('\n', at - 1) + 1;
  }

  /// The end of a block reaches to the next token, over blank lines; what it says ends before them. A comment behind it is not cut off, because
  /// a line with one ends the value before the comment already.
  private static int trimmed(String text, int start, int end) {
    int at = end;
    while (at > start && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /// The parser counts code points.
  private static int offset(JsonLocation location, String text) {
    return text.offsetByCodePoints(0, (int) Math.min(location.getCharOffset(), text.codePointCount(0, text.length())));
  }
}
