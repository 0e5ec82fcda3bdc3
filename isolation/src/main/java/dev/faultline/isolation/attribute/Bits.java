package dev.faultline.isolation.attribute;

import java.util.function.IntConsumer;

/// A set of rows, one bit each. The number of rows is fixed.
final class Bits {
  private final int rows;
  private final long[] words;

  Bits(int rows) {
    this.rows = rows;
    this.words = new long[(rows + 63) >>> 6];
  }

  int rows() {
    return rows;
  }

  void set(int row) {
    words[row >>> 6] |= 1L << row;
  }

  boolean get(int row) {
    return (words[row >>> 6] & 1L << row) != 0;
  }

  void forEach(IntConsumer action) {
    for (int i = 0; i < words.length; i++) {
      for (long word = words[i]; word != 0; word &= word - 1) {
        action.accept((i << 6) + Long.numberOfTrailingZeros(word));
      }
    }
  }

  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  int countAnd(Bits other) {
    int count = 0;
    for (int i = 0; i < words.length; i++) {
      count += Long.bitCount(words[i] & other.words[i]);
    }
    return count;
  }

  /// Whether no more than `max` rows are not in the other; stops as soon as there are more.
  boolean lacksAtMost(Bits other, int max) {
    int lacking = 0;
    for (int i = 0; i < words.length && lacking <= max; i++) {
      lacking += Long.bitCount(words[i] & ~other.words[i]);
    }
    return lacking <= max;
  }

  /// How many rows are in all three; more than `max` is not counted further.
  int countAnd(Bits other, Bits third, int max) {
    int count = 0;
    for (int i = 0; i < words.length && count <= max; i++) {
      count += Long.bitCount(words[i] & other.words[i] & third.words[i]);
    }
    return count;
  }

  Bits and(Bits other) {
    var both = new Bits(rows);
    for (int i = 0; i < words.length; i++) {
      both.words[i] = words[i] & other.words[i];
    }
    return both;
  }

  void or(Bits other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }

  Bits not() {
    var rest = new Bits(rows);
    for (int i = 0; i < words.length; i++) {
      rest.words[i] = ~words[i];
    }
    if ((rows & 63) != 0) {
      rest.words[words.length - 1] &= (1L << rows) - 1;
    }
    return rest;
  }

  static Bits all(int rows) {
    return new Bits(rows).not();
  }
}
