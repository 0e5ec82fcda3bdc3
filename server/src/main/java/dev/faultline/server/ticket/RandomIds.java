package dev.faultline.server.ticket;

import java.util.random.RandomGenerator;

/// Ids for what people ask for by hand: a prefix that says of what, and twelve random digits to the base of 32.
public record RandomIds(RandomGenerator random) {
  private static final int DIGITS = 12;
  private static final int BASE = 32;

  public String next(String prefix) {
    var text = new StringBuilder(prefix);
    for (int i = 0; i < DIGITS; i++) {
      text.append(Character.forDigit(random.nextInt(BASE), BASE));
    }
    return text.toString();
  }
}
