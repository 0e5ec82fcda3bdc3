package dev.faultline.serving.stage;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.Collection;
import java.util.stream.Collectors;

/// How values stand in messages: short, on one line, quoted when they are text, and not at all when they are hidden.
final class Shown {
  static final String REDACTED = "[redacted]";
  private static final int TEXT_LENGTH_MAX = 64;
  private static final int VALUES_MAX = 8;

  private Shown() {}

  static String element(Tensor tensor, int flat) {
    String text = tensor.textAt(flat);
    return tensor.type() == DataType.BYTES ? quoted(text) : trimmed(text);
  }

  static String number(double value) {
    return trimmed(Double.toString(value));
  }

  static String quoted(String text) {
    boolean whole = text.codePointCount(0, text.length()) <= TEXT_LENGTH_MAX;
    String start = whole ? text : text.substring(0, text.offsetByCodePoints(0, TEXT_LENGTH_MAX)) + "...";
    String line = start.codePoints().mapToObj(Shown::printable).collect(Collectors.joining());
    return "'" + line + "'";
  }

  /// An interval that is closed where it has an end: `[0,120]`, `at least 0`.
  static String range(double min, double max) {
    if (Double.isInfinite(max)) {
      return Double.isInfinite(min) ? "a number" : "at least " + number(min);
    }
    return Double.isInfinite(min) ? "at most " + number(max) : "[" + number(min) + "," + number(max) + "]";
  }

  static String values(Collection<String> values) {
    String first = values.stream().limit(VALUES_MAX).collect(Collectors.joining(", "));
    return "one of " + first + (values.size() > VALUES_MAX ? " and " + (values.size() - VALUES_MAX) + " more" : "");
  }

  private static String trimmed(String number) {
    return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
  }

  private static String printable(int codePoint) {
    return Character.isISOControl(codePoint) ? "\\u%04x".formatted(codePoint) : Character.toString(codePoint);
  }
}
