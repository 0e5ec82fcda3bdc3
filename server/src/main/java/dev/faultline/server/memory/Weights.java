package dev.faultline.server.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// How large a version's files are: about what its weights take in memory, before the engine packs them.
final class Weights {
  private static final String EXTERNAL = "faultline.external_data";

  private Weights() {}

  /// The file, and those beside it that its metadata names.
  static long bytes(Path file, Map<String, String> metadata) {
    String beside = metadata.getOrDefault(EXTERNAL, "");
    return size(file) + Arrays.stream(beside.split(", ")).filter(name -> !name.isEmpty()).mapToLong(name -> size(file.resolveSibling(name))).sum();
  }

  /// 0 of a file that has gone since.
  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell the size of '" + file + "'", e);
    }
  }
}
