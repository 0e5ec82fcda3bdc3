package dev.faultline.serving.backend;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Remembers which model versions were running when the process died, so that the next one runs them elsewhere.
///
/// A mapped file holds one record for each version: how many runs are inside now, and how many times the process died while some were.
/// Writing a record is an atomic addition to memory, and survives the process because the pages belong to the kernel. A process that
/// was killed from outside looks the same as one that crashed: the price is that a version which did nothing runs in a process of its
/// own until [#forget].
///
/// Longer than most files because the layout and everybody who touches it stay together.
public final class CrashJournal implements AutoCloseable {

  /// A version that was inside when the process died, `crashes` times so far.
  public record Casualty(String model, String version, String digest, int crashes) {}

  /// The mark of one version; safe for use by several threads.
  public static final class Entry {
    private final MemorySegment file;
    private final long at;

    private Entry(MemorySegment file, long at) {
      this.file = file;
      this.at = at;
    }

    /// Before a run enters the engine.
    public void enter() {
      var _ = (long) LONGS.getAndAdd(file, at + INSIDE, 1L);
    }

    /// After it has returned, however.
    public void leave() {
      var _ = (long) LONGS.getAndAdd(file, at + INSIDE, -1L);
    }
  }

  /// Versions remembered; when there are more, those that never crashed give way.
  static final int RECORDS_MAX = 512;

  private static final long MAGIC = 0x464c_4a52_4e4c_0001L;
  private static final long HEADER_BYTES = 64;
  private static final long RECORD_BYTES = 1_024;
  private static final long INSIDE = 0;
  private static final long CRASHES = 8;
  private static final long NAME_LENGTH = 16;
  private static final long NAME = 20;
  private static final int NAME_BYTES_MAX = (int) (RECORD_BYTES - NAME);
  private static final String SEPARATOR = "\0";
  private static final VarHandle LONGS = JAVA_LONG.varHandle();

  private final FileChannel channel;
  private final MemorySegment file;
  private final List<Casualty> leftInside = new ArrayList<>();

  private CrashJournal(FileChannel channel, MemorySegment file) {
    this.channel = channel;
    this.file = file;
  }

  /// Opens or makes the file, and notes whom its last user left inside. One process at a time.
  ///
  /// @throws IOException also when another process holds the file
  public static CrashJournal open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      requireAlone(channel, path);
      // never unmapped before the last mark is gone: a run may come back after everything else has ended
      var journal = new CrashJournal(channel, channel.map(FileChannel.MapMode.READ_WRITE, 0, HEADER_BYTES + RECORDS_MAX * RECORD_BYTES, Arena.ofAuto()));
      journal.takeStock();
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private static void requireAlone(FileChannel channel, Path path) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new IOException("the crash journal '" + path + "' is in use by another process");
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("the crash journal '" + path + "' is in use in this process", e);
    }
  }

  /// Those whom the last user of the file left inside.
  public List<Casualty> leftInside() {
    return List.copyOf(leftInside);
  }

  /// Versions that were inside when a process died.
  public synchronized List<Casualty> casualties() {
    List<Casualty> found = new ArrayList<>();
    for (int record = 0; record < RECORDS_MAX; record++) {
      if (crashes(record) > 0) {
        found.add(casualty(record));
      }
    }
    return found;
  }

  /// How many runs and loads are inside now.
  synchronized long inside() {
    long inside = 0;
    for (int record = 0; record < RECORDS_MAX; record++) {
      inside += file.get(JAVA_LONG, at(record) + INSIDE);
    }
    return inside;
  }

  /// How often the process died with a run of this version, from this very file, inside.
  public synchronized int crashes(Artifact artifact) {
    int record = find(key(artifact));
    return record < 0 ? 0 : crashes(record);
  }

  /// The mark of a version, made when it has none yet.
  ///
  /// @throws IllegalStateException when [#RECORDS_MAX] versions have crashed before this one
  public synchronized Entry entry(Artifact artifact) {
    String key = key(artifact);
    int record = find(key);
    return new Entry(file, at(record >= 0 ? record : write(vacancy(), key)));
  }

  /// Lets a version run in this process again.
  public synchronized void forget(Artifact artifact) {
    int record = find(key(artifact));
    if (record >= 0) {
      file.set(JAVA_LONG, at(record) + CRASHES, 0);
    }
  }

  /// Lets a version run in this process again, once it is loaded anew.
  public void forget(Casualty casualty) {
    forget(new Artifact(casualty.model(), casualty.version(), Path.of(""), casualty.digest()));
  }

  /// Says that this was no crash, whoever may still be inside.
  @Override
  public synchronized void close() throws IOException {
    for (int record = 0; record < RECORDS_MAX; record++) {
      file.set(JAVA_LONG, at(record) + INSIDE, 0);
    }
    channel.close();
  }

  private void takeStock() {
    if (file.get(JAVA_LONG, 0) != MAGIC) {
      file.fill((byte) 0);
      file.set(JAVA_LONG, 0, MAGIC);
    }
    for (int record = 0; record < RECORDS_MAX; record++) {
      if (file.get(JAVA_LONG, at(record) + INSIDE) > 0) {
        file.set(JAVA_LONG, at(record) + CRASHES, crashes(record) + 1L);
        leftInside.add(casualty(record));
      }
      file.set(JAVA_LONG, at(record) + INSIDE, 0);
    }
  }

  private Casualty casualty(int record) {
    String[] name = name(record).split(SEPARATOR, -1);
    return new Casualty(name[0], name[1], name[2], crashes(record));
  }

  private int find(String key) {
    for (int record = 0; record < RECORDS_MAX; record++) {
      if (name(record).equals(key)) {
        return record;
      }
    }
    return -1;
  }

  /// A record that nobody uses, or one whose version never crashed and is not inside.
  private int vacancy() {
    int harmless = -1;
    for (int record = 0; record < RECORDS_MAX; record++) {
      if (name(record).isEmpty()) {
        return record;
      }
      boolean idle = crashes(record) == 0 && file.get(JAVA_LONG, at(record) + INSIDE) == 0;
      harmless = idle ? record : harmless;
    }
    if (harmless < 0) {
      throw new IllegalStateException("the crash journal is full with " + RECORDS_MAX + " versions that crashed; delete it once they are mended");
    }
    return harmless;
  }

  private int write(int record, String key) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(name.length, NAME_BYTES_MAX);
    file.asSlice(at(record), RECORD_BYTES).fill((byte) 0);
    MemorySegment.copy(name, 0, file, JAVA_BYTE, at(record) + NAME, length);
    file.set(JAVA_INT, at(record) + NAME_LENGTH, length);
    return record;
  }

  private String name(int record) {
    int length = Math.clamp(file.get(JAVA_INT, at(record) + NAME_LENGTH), 0, NAME_BYTES_MAX);
    return new String(file.asSlice(at(record) + NAME, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private int crashes(int record) {
    return Math.toIntExact(file.get(JAVA_LONG, at(record) + CRASHES));
  }

  private static long at(int record) {
    return HEADER_BYTES + record * RECORD_BYTES;
  }

  private static String key(Artifact artifact) {
    return artifact.model() + SEPARATOR + artifact.version() + SEPARATOR + artifact.digest();
  }
}
