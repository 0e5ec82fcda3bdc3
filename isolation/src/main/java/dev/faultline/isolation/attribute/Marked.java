package dev.faultline.isolation.attribute;

/// All items restricted to a few marked rows (the failing ones, or as many at random), packed so that counting is quick.
///
/// The items of a row lie side by side; 64 rows at a time are transposed into 64 rows of each item (Warren, Hacker's Delight, 7-3).
final class Marked {
  private final int itemWords;
  private final long[] byRow;
  private final long[] byItem;
  private final long[] block = new long[64];
  private final int width;

  Marked(ItemSet set, int marked) {
    int items = set.items().size();
    itemWords = (items + 63) >>> 6;
    byRow = new long[set.rows() * itemWords];
    width = (marked + 63) >>> 6;
    byItem = new long[itemWords * 64 * width];
    for (int item = 0; item < items; item++) {
      int word = item >>> 6;
      long bit = 1L << item;
      set.items().get(item).rows().forEach(row -> byRow[row * itemWords + word] |= bit);
    }
  }

  /// Takes these rows as the marked ones.
  void mark(int[] rows) {
    for (int word = 0; word < width; word++) {
      for (int part = 0; part < itemWords; part++) {
        for (int i = 0; i < 64; i++) {
          int at = word * 64 + i;
          block[i] = at < rows.length ? byRow[rows[at] * itemWords + part] : 0;
        }
        transpose(block);
        for (int i = 0; i < 64; i++) {
          byItem[(part * 64 + i) * width + word] = block[i];
        }
      }
    }
  }

  /// Bit j of word i becomes bit i of word j.
  private static void transpose(long[] block) {
    long mask = 0x00000000FFFFFFFFL;
    for (int j = 32; j != 0; j >>>= 1, mask ^= mask << j) {
      for (int k = 0; k < 64; k = ((k | j) + 1) & ~j) {
        long swapped = ((block[k] >>> j) ^ block[k | j]) & mask;
        block[k] ^= swapped << j;
        block[k | j] ^= swapped;
      }
    }
  }

  int count(int item) {
    int count = 0;
    for (int i = item * width, end = i + width; i < end; i++) {
      count += Long.bitCount(byItem[i]);
    }
    return count;
  }

  int count(int first, int second) {
    int count = 0;
    int other = second * width;
    for (int i = first * width, end = i + width; i < end; i++) {
      count += Long.bitCount(byItem[i] & byItem[other++]);
    }
    return count;
  }

  int count(int first, int second, int third) {
    int count = 0;
    int other = second * width;
    int another = third * width;
    for (int i = first * width, end = i + width; i < end; i++) {
      count += Long.bitCount(byItem[i] & byItem[other++] & byItem[another++]);
    }
    return count;
  }
}
