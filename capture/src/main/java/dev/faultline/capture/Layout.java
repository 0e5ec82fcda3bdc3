package dev.faultline.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Where things stand in the directory of a durable store.
///
/// ```
/// lock                     who has it open
/// kept.duckdb              documents: groups, verdicts
/// segments/000012.duckdb   a segment that is being written, or waits to be exported
/// segments/000011.parquet  a closed segment
/// payloads/3f/3f9a...      a large payload, named by its SHA-256
/// spill/                   what a large query does not hold in memory
/// ```
///
/// `*.tmp` is unfinished and removed at the next opening, `*.torn` was found damaged and is removed when it is old.
record Layout(Path root) {
  static final String ATTACHED = ".duckdb";
  static final String CLOSED = ".parquet";
  static final String UNFINISHED = ".tmp";
  static final String TORN = ".torn";
  static final String LOG = ".wal";

  Path lock() {
    return root.resolve("lock");
  }

  Path kept() {
    return root.resolve("kept" + ATTACHED);
  }

  Path segments() {
    return root.resolve("segments");
  }

  Path payloads() {
    return root.resolve("payloads");
  }

  Path spill() {
    return root.resolve("spill");
  }

  Path attached(int number) {
    return segments().resolve(String.format(Locale.ROOT, "%06d", number) + ATTACHED);
  }

  Path closed(int number) {
    return segments().resolve(String.format(Locale.ROOT, "%06d", number) + CLOSED);
  }

  void create() throws IOException {
    for (Path each : List.of(root, segments(), payloads(), spill())) {
      Files.createDirectories(each);
    }
  }

  /// Numbers of the segments whose file ends so, ascending.
  List<Integer> numbers(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(segments())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d{6,}" + suffix.replace(".", "\\.")))
          .map(name -> Integer.parseInt(name.substring(0, name.length() - suffix.length())))
          .sorted()
          .toList();
    }
  }

  /// Every file under the root whose name ends so.
  List<Path> endingIn(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }

  /// The file and its write-ahead log, where they exist, in bytes.
  static long bytesOf(Path file) {
    return sizeOf(file) + sizeOf(log(file));
  }

  static Path log(Path file) {
    return file.resolveSibling(file.getFileName() + LOG);
  }

  private static long sizeOf(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
