package dev.faultline.serving.stage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A match of a whole text against a pattern that gives up instead of backtracking for ever: a pattern like `(a+)+b` would take longer
/// than the universe has for a text that a caller can send.
///
/// What cannot be decided within [#stepsMax] reads of a character counts as no match: a text that the contract cannot vouch for is refused.
final class BoundedMatch implements CharSequence {
  private static final long STEPS_BASE = 100_000;
  private static final long STEPS_PER_CHARACTER = 100;

  private static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLongException() {
      super("", null, false, false);
    }
  }

  private final String text;
  private final long stepsMax;
  private long steps;

  private BoundedMatch(String text) {
    this.text = text;
    this.stepsMax = stepsMax(text.length());
  }

  static boolean matches(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(new BoundedMatch(text));
    try {
      return matcher.matches();
    } catch (TooLongException | StackOverflowError e) { // the engine recurses once per repetition of a group
      return false;
    }
  }

  static long stepsMax(int length) {
    return STEPS_BASE + STEPS_PER_CHARACTER * length;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    steps++;
    if (steps > stepsMax) {
      throw new TooLongException();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
