package dev.faultline.isolation.finding;

import java.util.Locale;

/// What a value is rather than how large it is; the right side of [Operator#IS]. The label is the name in lower case.
public enum Trait {
  /// The request does not have it.
  MISSING,
  /// A JSON type that few other requests have there, such as text among numbers.
  WRONG_TYPE,
  /// Text that is a number with a comma for the point: `12,5`.
  DECIMAL_COMMA,
  /// Text that is a number.
  NUMERIC_TEXT,
  /// Text that says that there is nothing: `null`, `None`, `nan`, `N/A`, `undefined`.
  NULL_TEXT,
  /// Text that went through the wrong character set: `Ã¼`, or the replacement character.
  MOJIBAKE,
  /// Text that is not in Unicode normalisation form C.
  NOT_NFC,
  /// Text with a blank at an end, or with control characters.
  UNTRIMMED,
  /// Text or a list of length 0.
  EMPTY,
  /// A value that hardly any other request has, where values usually repeat.
  RARE,
  /// A number that is the usual one in another unit: a factor of 10, 100, 1000, 60, pounds to kilograms, miles, feet.
  OTHER_UNIT,
  /// None of the values that are common enough to be listed.
  OTHER;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
