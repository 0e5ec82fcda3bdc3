package dev.faultline.serving.backend;

/// Where a version is asked to run, and what its process may use when it gets one of its own: `memoryBytesMax` in all and `cpusMax`
/// processors; 0 means no limit.
public record ContainmentWish(Containment where, long memoryBytesMax, int cpusMax) {
  public static final ContainmentWish AUTO = new ContainmentWish(Containment.AUTO, 0, 0);

  /// For a copy to experiment with: what was told to stay in the server's process might end it with an input that no caller sent.
  public ContainmentWish ofCopy() {
    return where == Containment.IN_PROCESS ? withWhere(Containment.AUTO) : this;
  }

  public ContainmentWish withWhere(Containment other) {
    return new ContainmentWish(other, memoryBytesMax, cpusMax);
  }
}
