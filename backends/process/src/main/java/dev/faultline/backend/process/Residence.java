package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// What a process holds in memory that is its own doing: private and shared pages, without mapped files such as libraries.
final class Residence {
  private static final List<String> LABELS = List.of("RssAnon:", "RssShmem:");
  private static final long KIBIBYTE = 1024;

  private Residence() {}

  /// Empty when the process is gone, or the system does not say.
  static OptionalLong bytes(long pid) {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    try {
      List<String> lines = Files.readAllLines(status);
      long kibibytes = lines.stream().filter(line -> LABELS.stream().anyMatch(line::startsWith)).mapToLong(Residence::kibibytes).sum();
      return OptionalLong.of(kibibytes * KIBIBYTE);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// `RssAnon:\t   81244 kB`.
  private static long kibibytes(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
