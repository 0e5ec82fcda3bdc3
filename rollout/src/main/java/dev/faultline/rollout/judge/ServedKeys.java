package dev.faultline.rollout.judge;

import java.util.BitSet;

/// A filter for the first served request of each key: one bit a key, without the keys. A key that shares its bit with another is taken for seen; when
/// half of the bits are set all are forgotten, so that a key counts again after at least tens of thousands of others.
final class ServedKeys {
  static final int BITS = 1 << 17;

  private final BitSet seen = new BitSet(BITS);
  private int count;

  boolean isFirst(String key) {
    if (key.isEmpty()) {
      return true;
    }
    int bit = (int) (Hash.of("", key) >>> (64 - 17));
    if (seen.get(bit)) {
      return false;
    }
    forgetAtHalf();
    seen.set(bit);
    count++;
    return true;
  }

  private void forgetAtHalf() {
    if (count >= BITS / 2) {
      seen.clear();
      count = 0;
    }
  }
}
