package dev.faultline.backend.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The end of what a worker wrote to its standard output and error: where `abort` and `std::terminate` say why.
final class LastWords {
  private static final int BYTES_MAX = 16 << 10;
  private static final int LINES_MAX = 12;
  private static final int LINE_CHARS_MAX = 300;

  private final byte[] ring = new byte[BYTES_MAX];
  private final Thread reader;
  private long written;

  /// Reads until the worker's end of the pipe is closed, so that it never waits for a reader.
  LastWords(InputStream said, String name) {
    this.reader = Thread.ofPlatform().daemon().name(name).start(() -> drain(said));
  }

  /// The last lines, after the worker is dead and everything it wrote has been read.
  List<String> lines() {
    try {
      // a grandchild may hold the pipe open
      reader.join(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<String> lines = text().lines().filter(line -> !line.isBlank()).map(LastWords::shortened).toList();
    return lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size());
  }

  private void drain(InputStream said) {
    byte[] buffer = new byte[1 << 10];
    try (said) {
      for (int count = said.read(buffer); count >= 0; count = said.read(buffer)) {
        keep(buffer, count);
      }
    } catch (IOException e) {
      // the pipe broke: what was read is what there is
    }
  }

  private synchronized void keep(byte[] buffer, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (written++ % BYTES_MAX)] = buffer[i];
    }
  }

  private synchronized String text() {
    int count = (int) Math.min(written, BYTES_MAX);
    byte[] last = new byte[count];
    for (int i = 0; i < count; i++) {
      last[i] = ring[(int) ((written - count + i) % BYTES_MAX)];
    }
    return new String(last, StandardCharsets.UTF_8);
  }

  private static String shortened(String line) {
    return line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "...";
  }
}
