package dev.faultline.rollout.judge;

/// A hash of two texts that stays the same in another process: FNV-1a over their characters, mixed at the end as MurmurHash3 does.
final class Hash {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Hash() {}

  static long of(String group, String key) {
    long hash = fold(fold(OFFSET, group) * PRIME, key);
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  private static long fold(long hash, String text) {
    long folded = hash;
    for (int i = 0; i < text.length(); i++) {
      folded = (folded ^ text.charAt(i)) * PRIME;
    }
    return folded;
  }
}
