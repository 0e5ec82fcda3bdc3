package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where crash logs stay when their worker's folder is wiped: the newest, up to a number.
final class CrashLogFolder {
  private static final String PREFIX = "hs_err_";

  private final Path folder;
  private final int logsMax;

  CrashLogFolder(Path folder, int logsMax) {
    this.folder = folder;
    this.logsMax = logsMax;
  }

  /// @return where the log is now
  synchronized Path keep(Path log, long pid) throws IOException {
    Files.createDirectories(folder);
    // pids come again, and the name must sort by age
    Path kept = folder.resolve(PREFIX + System.currentTimeMillis() + "_" + pid + ".log");
    Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
    trim();
    return kept;
  }

  private void trim() throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder)) {
      logs = files.filter(file -> file.getFileName().toString().startsWith(PREFIX)).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path old : logs.subList(Math.min(logsMax, logs.size()), logs.size())) {
      try {
        Files.delete(old);
      } catch (NoSuchFileException e) {
        // somebody tidied up
      }
    }
  }
}
