package dev.faultline.capture;

import dev.faultline.request.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Large payloads beside the rows, each in a file named by its SHA-256, so that the same payload sent a thousand times is kept once.
///
/// A file is complete and on disk before the row that names it, and goes after the last segment that does.
final class PayloadFiles {
  private final Path root;
  private final Findings findings;
  private final AtomicLong bytes = new AtomicLong();

  PayloadFiles(Path root, Findings findings) {
    this.root = root;
    this.findings = findings;
  }

  long bytes() {
    return bytes.get();
  }

  static String sha256(Payload payload) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(payload.array(), payload.offset(), payload.length());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /// @return whether the payload was not there before
  boolean write(String sha256, Payload payload) throws IOException {
    Path directory = directory(sha256);
    Path file = directory.resolve(sha256);
    if (Files.exists(file) && Files.size(file) == payload.length()) {
      return false;
    }
    Files.createDirectories(directory);
    Path unfinished = directory.resolve(sha256 + Layout.UNFINISHED);
    try (FileChannel out =
        FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      writeAll(out, ByteBuffer.wrap(payload.array(), payload.offset(), payload.length()));
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
    bytes.addAndGet(payload.length());
    return true;
  }

  private static void writeAll(FileChannel out, ByteBuffer rest) throws IOException {
    while (rest.hasRemaining()) {
      out.write(rest);
    }
    out.force(true);
  }

  /// Puts the names in a directory on disk.
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// The payload's bytes; empty when its file is gone or damaged, which is said in the findings: half a payload is never given out.
  byte[] read(String sha256) {
    try {
      byte[] read = Files.readAllBytes(file(sha256));
      if (sha256(Payload.of(read, "")).equals(sha256)) {
        return read;
      }
      findings.add("payload " + sha256 + " is damaged (its bytes have another hash) and is left out of its captures");
    } catch (NoSuchFileException e) {
      findings.add("payload " + sha256 + " is gone and is left out of its captures");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new byte[0];
  }

  void remove(String sha256) throws IOException {
    Path file = file(sha256);
    long length = Files.exists(file) ? Files.size(file) : 0;
    if (Files.deleteIfExists(file)) {
      bytes.addAndGet(-length);
    }
  }

  /// Counts what there is and removes what no row names: left by a process that died between a payload and its row.
  void sweep(Set<String> named) throws IOException {
    bytes.set(0);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.addAndGet(Files.size(file));
        String name = file.getFileName().toString();
        if (!named.contains(name)) {
          remove(name);
        }
      }
    }
  }

  private Path file(String sha256) {
    return directory(sha256).resolve(sha256);
  }

  private Path directory(String sha256) {
    return root.resolve(sha256.substring(0, 2));
  }
}
