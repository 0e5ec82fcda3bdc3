package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The folder of one worker, in memory where the system has such a file system: its sockets, shared regions, temporary files and, if it
/// comes to that, its crash log. The parent wipes it when the worker is gone, or the worker when the parent is.
record WorkerFolder(Path path) {

  /// Where the parent listens until the worker has greeted.
  Path parentSocket() {
    return path.resolve("parent.sock");
  }

  /// Where the worker listens for slots.
  Path workerSocket() {
    return path.resolve("worker.sock");
  }

  Path inputs(int slot) {
    return path.resolve("slot-" + slot + ".in");
  }

  Path outputs(int slot) {
    return path.resolve("slot-" + slot + ".out");
  }

  Path temporary() {
    return path.resolve("tmp");
  }

  Path crashLog() {
    return path.resolve("hs_err.log");
  }

  /// Deletes the folder and what is in it; both sides may do so at once.
  void wipe() throws IOException {
    wipe(path);
  }

  static void wipe(Path folder) throws IOException {
    try {
      Files.walkFileTree(folder, new Wiping());
    } catch (NoSuchFileException e) {
      // it is gone, which is what was wanted
    }
  }

  private static final class Wiping extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
