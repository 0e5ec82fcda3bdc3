package dev.faultline.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/// A strict reader of RFC 9651 dictionaries whose values are tokens and strings, as a client would have one.
final class StructuredField {
  private final String text;
  private int at;

  private StructuredField(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException where the text leaves the grammar
  static Map<String, String> parse(String text) {
    return new StructuredField(text).dictionary();
  }

  private Map<String, String> dictionary() {
    var members = new LinkedHashMap<String, String>();
    while (true) {
      String key = run("abcdefghijklmnopqrstuvwxyz0123456789_-.*");
      expect('=');
      String value = text.charAt(at) == '"' ? string() : token();
      require(members.put(key, value) == null, "a key once");
      if (at == text.length()) {
        return members;
      }
      expect(',');
      expect(' ');
    }
  }

  private String token() {
    String token = run("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~:/");
    require(Character.isLetter(token.charAt(0)) || token.charAt(0) == '*', "a token to start with a letter or *");
    return token;
  }

  private String string() {
    var value = new StringBuilder();
    expect('"');
    while (text.charAt(at) != '"') {
      char each = text.charAt(at++);
      require(each >= 0x20 && each < 0x7F, "visible ASCII");
      if (each == '\\') {
        each = text.charAt(at++);
        require(each == '"' || each == '\\', "an escaped quote or backslash");
      }
      value.append(each);
    }
    at++;
    return value.toString();
  }

  private String run(String allowed) {
    int start = at;
    while (at < text.length() && allowed.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    require(at > start, "one of " + allowed);
    return text.substring(start, at);
  }

  private void expect(char wanted) {
    require(at < text.length() && text.charAt(at) == wanted, "'" + wanted + "'");
    at++;
  }

  private void require(boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + wanted + " at " + at + " of " + text);
    }
  }
}
