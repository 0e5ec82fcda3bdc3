package dev.faultline.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A small file that is there whole or not at all, so that whoever waits for it can read it at once.
final class AtomicFile {
  private AtomicFile() {}

  static void write(Path file, String text) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.resolveSibling(".").normalize();
    Files.createDirectories(folder);
    Path made = Files.createTempFile(folder, ".faultline", ".tmp");
    try {
      Files.writeString(made, text);
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(made);
    }
  }
}
