package dev.faultline.serving.backend;

/// Where a version is asked to run, and what its process may use when it gets one of its own: `memoryBytesMax` in all and `cpusMax`
/// processors; 0 means no limit.
public record ContainmentWish(Containment where, long memoryBytesMax, int cpusMax) {
  public static final ContainmentWish AUTO = new ContainmentWish(Containment.AUTO, 0, 0);

  public ContainmentWish withWhere(Containment other) {
    return new ContainmentWish(other, memoryBytesMax, cpusMax);
  }
}
