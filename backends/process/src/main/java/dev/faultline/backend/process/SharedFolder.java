package dev.faultline.backend.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The folder of all workers of one backend, in `/dev/shm` where there is one, so that tensors never touch a disk.
///
/// Whoever makes it holds a lock in it. What is found without a holder was left by a process that was killed, and is wiped. (Process ids
/// would not do: containers can share the folder and not the numbers.)
final class SharedFolder implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "faultline-";
  private static final String LOCK = "held.lock";
  private static final long MAKING_SECONDS_MAX = 60;
  private static final int LOOKS_MAX = 20;
  private static final long LOOK_NANOS = 10_000_000;

  /// Those of this process. Trying the lock of one of them would release it: POSIX locks end with any descriptor of their file.
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private SharedFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static SharedFolder create() throws IOException {
    Path home = Files.isDirectory(MEMORY) && Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    return create(home);
  }

  static SharedFolder create(Path home) throws IOException {
    sweep(home);
    Path path =
        Files.createTempDirectory(home, PREFIX, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    OWN.add(path);
    FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock.lock();
    return new SharedFolder(path, lock);
  }

  Path path() {
    return path;
  }

  WorkerFolder worker(int serial) {
    return new WorkerFolder(path.resolve("w" + serial));
  }

  @Override
  public void close() throws IOException {
    wipe();
    lock.close();
    OWN.remove(path);
  }

  /// A worker that was being started may still make a file while its folder is wiped.
  private void wipe() throws IOException {
    for (int look = 0; look < LOOKS_MAX; look++) {
      try {
        WorkerFolder.wipe(path);
        return;
      } catch (DirectoryNotEmptyException e) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    WorkerFolder.wipe(path);
  }

  /// By a worker on its way out: removes the folder when its holder is gone and no other worker has files in it.
  static void dismantle(Path folder) throws IOException {
    if (isLeft(folder.resolve(LOCK)) && isEmpty(folder)) {
      Files.deleteIfExists(folder.resolve(LOCK));
      Files.deleteIfExists(folder);
    }
  }

  /// A dying process closes its files one after the other: the connection may end before the lock does.
  private static boolean isLeft(Path lock) throws IOException {
    for (int look = 0; look < LOOKS_MAX; look++) {
      if (!Files.exists(lock) || isAbandoned(lock)) {
        return Files.exists(lock);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return false;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.allMatch(file -> file.endsWith(LOCK));
    }
  }

  private static void sweep(Path home) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.list(home)) {
      found = files.filter(file -> file.getFileName().toString().startsWith(PREFIX) && Files.isWritable(file)).toList();
    }
    for (Path each : found) {
      if (!OWN.contains(each) && isAbandonedFolder(each)) {
        WorkerFolder.wipe(each);
      }
    }
  }

  /// One without a lock is only just being made, or was left by halves.
  private static boolean isAbandonedFolder(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    try {
      return Files.exists(lock)
          ? Files.isWritable(lock) && isAbandoned(lock)
          : Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minusSeconds(MAKING_SECONDS_MAX));
    } catch (NoSuchFileException e) {
      // somebody else wiped it
      return false;
    }
  }

  private static boolean isAbandoned(Path lock) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    }
  }
}
