package dev.faultline.backend.onnx;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which texts the engine can cast to a number. It uses the C++ library, which reads the longest beginning that is a number
/// (`12abc` is 12) and refuses what does not fit the type.
final class NumberText {

  private static final Pattern FLOAT =
      Pattern.compile(
          "\\s*[+-]?(inf(?:inity)?|nan|0x(?:[0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(?:p[+-]?\\d+)?|(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern WHOLE = Pattern.compile("\\s*([+-]?)(\\d+).*", Pattern.DOTALL);

  private NumberText() {}

  /// @param function the C++ function that the engine named: `stod`, `stoll`, `stoull` and their kin
  static boolean isReadableBy(String function, String text) {
    return switch (function) {
      case "stof", "stod", "stold" -> isFloat(text);
      case "stoul", "stoull" -> isWhole(text, BigInteger.ONE.shiftLeft(64));
      default -> isWhole(text, BigInteger.ONE.shiftLeft(63));
    };
  }

  private static boolean isFloat(String text) {
    Matcher matcher = FLOAT.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    String number = matcher.group(1).toLowerCase(Locale.ROOT);
    boolean decimal = (Character.isDigit(number.charAt(0)) || number.charAt(0) == '.') && !number.startsWith("0x");
    return !decimal || fits(number);
  }

  /// The library also refuses numbers too small for a normal `double`.
  private static boolean fits(String decimal) {
    double value = Double.parseDouble(decimal);
    boolean zero = decimal.chars().takeWhile(c -> c != 'e').allMatch(c -> c == '0' || c == '.');
    return zero || (!Double.isInfinite(value) && value >= Double.MIN_NORMAL);
  }

  private static boolean isWhole(String text, BigInteger limit) {
    Matcher matcher = WHOLE.matcher(text);
    return matcher.matches() && new BigInteger(matcher.group(2)).compareTo(limit) < 0;
  }
}
