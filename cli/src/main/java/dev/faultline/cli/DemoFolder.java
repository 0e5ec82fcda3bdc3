package dev.faultline.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where a demo keeps its captures. A temporary one goes with the demo.
record DemoFolder(Path path, boolean temporary) implements AutoCloseable {

  static DemoFolder at(String wanted, Surroundings surroundings) throws IOException {
    if (wanted.isEmpty()) {
      var folder = new DemoFolder(Files.createTempDirectory("faultline-demo"), true);
      // Ctrl-C ends the process before the demo comes to its own end
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("clean up").unstarted(folder::remove));
      return folder;
    }
    return new DemoFolder(Files.createDirectories(surroundings.workingDir().resolve(wanted)), false);
  }

  @Override
  public void close() {
    if (temporary) {
      remove();
    }
  }

  private void remove() {
    if (!Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }
}
