package dev.faultline.server.release;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A small file that after a crash, of the process or of the machine, is the old one or the new one and never a part: written beside,
/// forced to the disk, renamed, and the folder forced too, because the rename lives there.
final class DurableFile {
  private DurableFile() {}

  static void replace(Path file, String text) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel out = FileChannel.open(made, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder(file);
  }

  private static void forceFolder(Path file) throws IOException {
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().resolveSibling(".").normalize(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
