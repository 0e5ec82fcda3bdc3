package dev.faultline.backend.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that parent and worker map, through which tensor data goes one way: one side writes, the other reads.
///
/// The writer makes it as large as the largest run so far needs; the reader follows. Used by one thread on either side, in turns that
/// the socket orders.
final class SharedRegion implements AutoCloseable {
  /// Where a tensor begins: a cache line, which satisfies every element type and vector instruction.
  static final long ALIGNMENT = 64;

  private static final long BYTES_STEP = 64 << 10;

  private final FileChannel file;
  private final long bytesMax;
  private Arena arena = Arena.ofShared();
  private MemorySegment mapped = MemorySegment.NULL;

  private SharedRegion(FileChannel file, long bytesMax) {
    this.file = file;
    this.bytesMax = bytesMax;
  }

  static SharedRegion create(Path path, long bytesMax) throws IOException {
    return new SharedRegion(
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE), bytesMax);
  }

  static SharedRegion open(Path path, long bytesMax) throws IOException {
    return new SharedRegion(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), bytesMax);
  }

  /// The writer's side: a segment of at least `bytes`.
  ///
  /// @throws RegionFullException when it would be too large, or the folder has no space left
  MemorySegment reserve(long bytes) throws IOException {
    if (bytes > bytesMax) {
      throw new RegionFullException("the tensors of one run take " + bytes + " bytes (expected: at most " + bytesMax + ")");
    }
    if (bytes > mapped.byteSize()) {
      long size = Math.min(bytesMax, Math.ceilDiv(bytes + bytes / 4, BYTES_STEP) * BYTES_STEP);
      fill(size);
      map(size);
    }
    return mapped;
  }

  /// The reader's side: a segment of at least `bytes`, which the writer says there are.
  MemorySegment follow(long bytes) throws IOException {
    if (bytes < 0 || bytes > bytesMax) {
      throw new WireException("a region of " + bytes + " bytes (expected: 0 to " + bytesMax + ")");
    }
    if (bytes > mapped.byteSize()) {
      long size = file.size();
      if (bytes > size) {
        throw new WireException("a region of " + bytes + " bytes (expected: at most the file's " + size + ")");
      }
      map(size);
    }
    return mapped;
  }

  @Override
  public void close() throws IOException {
    arena.close();
    file.close();
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by the next growth, or by close
  private void map(long size) throws IOException {
    arena.close();
    arena = Arena.ofShared();
    mapped = file.map(MapMode.READ_WRITE, 0, size, arena);
  }

  /// Writing takes the space now: touching a mapped page for which the file system has no space would kill this process.
  private void fill(long size) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) BYTES_STEP);
    try {
      for (long at = file.size(); at < size; ) {
        at += file.write(zeros.clear().limit((int) Math.min(BYTES_STEP, size - at)), at);
      }
    } catch (IOException e) {
      throw new RegionFullException("no space for a shared region of " + size + " bytes: " + e.getMessage(), e);
    }
  }
}
