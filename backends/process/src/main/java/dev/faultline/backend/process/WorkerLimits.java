package dev.faultline.backend.process;

/// What one worker may use. `memoryBytesMax` is private memory, Java heap, native memory and shared regions in all, and `cpusMax` how
/// many processors it runs on; 0 means no limit.
///
/// Memory is limited twice. `RLIMIT_DATA` makes the allocation that goes too far fail, which the engine reports as `infer.out_of_memory`
/// and the worker survives. What that limit does not count, memory shared with others, is watched, and the worker killed beyond it.
public record WorkerLimits(int heapMebibytes, long memoryBytesMax, int cpusMax) {
  public static final WorkerLimits STANDARD = new WorkerLimits(512, 0, 0);

  /// These, but for what a version is given of its own; 0 leaves ours.
  WorkerLimits narrowed(long ownMemoryBytesMax, int ownCpusMax) {
    return new WorkerLimits(heapMebibytes, ownMemoryBytesMax > 0 ? ownMemoryBytesMax : memoryBytesMax, ownCpusMax > 0 ? ownCpusMax : cpusMax);
  }

  public WorkerLimits withMemoryBytesMax(long bytes) {
    return new WorkerLimits(heapMebibytes, bytes, cpusMax);
  }

  public WorkerLimits withCpusMax(int cpus) {
    return new WorkerLimits(heapMebibytes, memoryBytesMax, cpus);
  }

  public WorkerLimits withHeapMebibytes(int mebibytes) {
    return new WorkerLimits(mebibytes, memoryBytesMax, cpusMax);
  }
}
