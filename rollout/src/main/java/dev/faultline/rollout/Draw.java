package dev.faultline.rollout;

import java.nio.charset.StandardCharsets;

/// What a key draws in a rollout: a number from 0 up to 1, always the same for the same key, spread evenly over keys, and unrelated to what
/// it draws in another rollout. A key is the candidate's when it draws less than the candidate's share, so that a ramp only ever moves keys
/// from the baseline to the candidate.
///
/// FNV-1a (Fowler, Noll, Vo), finished with the mixer of SplitMix64 (Steele, Lea, Flood 2014), because FNV alone leaves the high bits of short
/// texts alike.
public final class Draw {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Draw() {}

  static double of(String rollout, String key) {
    return (mixed(hash(hash(FNV_OFFSET, rollout), key)) >>> 11) * 0x1.0p-53;
  }

  /// A key as it is kept with a request: enough to tell callers apart, and not who they are.
  public static String keyOf(String value) {
    return Long.toHexString(mixed(hash(FNV_OFFSET, value)));
  }

  private static long hash(long start, String text) {
    long hash = start;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    // the end of a text is part of it: 'ab' and 'c' are not 'a' and 'bc'
    return (hash ^ 0xff) * FNV_PRIME;
  }

  private static long mixed(long hash) {
    long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
