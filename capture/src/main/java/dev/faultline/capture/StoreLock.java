package dev.faultline.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The right of one process to a store's directory. The operating system gives it back when the process dies, however it dies.
final class StoreLock implements AutoCloseable {
  // closing any channel of a file drops the process's lock on it, so a second opening here must not touch the file
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static StoreLock take(Path lockFile) throws IOException {
    Path file = lockFile.toAbsolutePath().normalize();
    if (!HELD_HERE.add(file)) {
      throw inUse(file, Long.toString(ProcessHandle.current().pid()));
    }
    try {
      return new StoreLock(file, locked(file));
    } catch (IOException | CaptureStoreException e) {
      HELD_HERE.remove(file);
      throw e;
    }
  }

  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw inUse(file, Files.readString(file).strip());
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    return channel;
  }

  private static CaptureStoreException inUse(Path file, String pid) {
    return new CaptureStoreException(
        "capture store "
            + file.getParent()
            + " is in use by pid "
            + (pid.isEmpty() ? "unknown" : pid)
            + " (expected: one process at a time; mend: ask that server through its admin API, stop it, or give another --data directory)");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD_HERE.remove(file);
  }
}
