package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Trait;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/// What a text looks like, whatever it says.
final class TextTraits {
  /// Longer texts are judged by their beginning.
  static final int LENGTH_MAX = 4_096;
  private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?\\s*");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("\\s*[+-]?(\\d+|\\d{1,3}(\\.\\d{3})+),\\d+\\s*");
  private static final Set<String> NOTHING = Set.of("null", "none", "nil", "nan", "na", "n/a", "undefined", "#n/a", "-", "?");
  /// UTF-8 read as Latin-1 or Windows-1252: a lead byte as a letter, then a continuation byte.
  private static final Pattern MISREAD = Pattern.compile("[ÃÂ][\\u0080-\\u00bf\\u0152\\u0153\\u0160\\u0161\\u0178\\u017d\\u017e\\u0192\\u02c6\\u02dc\\u2013-\\u203a\\u20ac\\u2122]|â€|\\ufffd");

  private TextTraits() {}

  static Set<Trait> of(String whole) {
    String text = whole.length() > LENGTH_MAX ? whole.substring(0, LENGTH_MAX) : whole;
    var traits = EnumSet.noneOf(Trait.class);
    if (text.isEmpty()) {
      traits.add(Trait.EMPTY);
      return traits;
    }
    addIf(traits, NUMBER.matcher(text).matches(), Trait.NUMERIC_TEXT);
    addIf(traits, DECIMAL_COMMA.matcher(text).matches(), Trait.DECIMAL_COMMA);
    addIf(traits, NOTHING.contains(text.strip().toLowerCase(java.util.Locale.ROOT)), Trait.NULL_TEXT);
    addIf(traits, isUntrimmed(text), Trait.UNTRIMMED);
    if (text.chars().anyMatch(character -> character > 0x7f)) {
      addIf(traits, MISREAD.matcher(text).find(), Trait.MOJIBAKE);
      addIf(traits, !Normalizer.isNormalized(text, Normalizer.Form.NFC), Trait.NOT_NFC);
    }
    return traits;
  }

  private static boolean isUntrimmed(String text) {
    return Character.isWhitespace(text.charAt(0))
        || Character.isWhitespace(text.charAt(text.length() - 1))
        || text.chars().anyMatch(character -> character < 0x20 && character != '\n' && character != '\t' && character != '\r');
  }

  private static void addIf(Set<Trait> traits, boolean holds, Trait trait) {
    if (holds) {
      traits.add(trait);
    }
  }
}
