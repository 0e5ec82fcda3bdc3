package dev.faultline.server.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What the operating system says that a process holds in memory; only Linux does.
record ProcessMemory(long residentBytes, long residentBytesMax) {

  static Optional<ProcessMemory> of(long pid) {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    try {
      String text = Files.isReadable(status) ? Files.readString(status) : "";
      return text.contains("VmRSS:") ? Optional.of(new ProcessMemory(bytes(text, "VmRSS:"), bytes(text, "VmHWM:"))) : Optional.empty();
    } catch (NoSuchFileException e) {
      // it has just ended
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read '" + status + "'", e);
    }
  }

  private static long bytes(String text, String name) {
    return text.lines().filter(line -> line.startsWith(name)).map(line -> line.replaceAll("\\D", "")).filter(digits -> !digits.isEmpty()).mapToLong(Long::parseLong).findFirst().orElse(0) << 10;
  }
}
