package dev.faultline.protocol;

/// Text from outside made fit to stand in a message: short, and sound Unicode, so that no document can be broken by it.
final class Excerpt {
  static final int VALUE_CHARS_MAX = 64;
  static final int NAME_CHARS_MAX = 128;
  private static final String CUT = "...";

  private Excerpt() {}

  static String value(String text) {
    return of(text, VALUE_CHARS_MAX);
  }

  static String name(String text) {
    return of(text, NAME_CHARS_MAX);
  }

  static String of(String text, int charsMax) {
    return text.length() <= charsMax ? sound(text) : sound(text.substring(0, charsMax)) + CUT;
  }

  /// The text with every half of a surrogate pair that stands alone replaced by U+FFFD; JSON in UTF-8 cannot carry one.
  static String sound(String text) {
    if (isSound(text)) {
      return text;
    }
    var sound = new StringBuilder(text.length());
    text.codePoints().map(each -> isSurrogate(each) ? 0xFFFD : each).forEach(sound::appendCodePoint);
    return sound.toString();
  }

  static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (Character.isSurrogate(each)) {
        boolean pair = Character.isHighSurrogate(each) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
