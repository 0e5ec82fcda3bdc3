package dev.faultline.serving.stage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/// The texts that a contract allows, compared as bytes so that no text has to be decoded.
final class AllowedTexts {
  private final byte[][] sorted;

  private AllowedTexts(byte[][] sorted) {
    this.sorted = sorted;
  }

  static AllowedTexts of(Set<String> values) {
    return new AllowedTexts(
        values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).sorted(Arrays::compare).toArray(byte[][]::new));
  }

  boolean contains(byte[] text) {
    return Arrays.binarySearch(sorted, text, Arrays::compare) >= 0;
  }
}
