package dev.faultline.cli;

import java.util.Map;

/// What stands for our few signs where only ASCII gets through. One character for one, so that columns still meet.
final class Ascii {
  private static final int LAST = 0x7E;
  private static final Map<Character, Character> SIGNS =
      Map.of('✓', '+', '✗', 'x', '·', '-', '→', '>', '…', '~', '—', '-', '×', 'x', '≤', '<', '│', '|', '›', '>');

  private Ascii() {}

  static String text(String line) {
    var text = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      text.append(c <= LAST ? c : SIGNS.getOrDefault(c, '?').charValue());
    }
    return text.toString();
  }

  /// The same JSON, with escapes.
  static String json(String document) {
    var text = new StringBuilder(document.length());
    for (int i = 0; i < document.length(); i++) {
      char c = document.charAt(i);
      if (c <= LAST) {
        text.append(c);
      } else {
        text.append("\\u%04x".formatted((int) c));
      }
    }
    return text.toString();
  }
}
