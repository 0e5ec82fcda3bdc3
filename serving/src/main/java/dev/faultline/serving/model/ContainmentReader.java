package dev.faultline.serving.model;

import dev.faultline.serving.backend.Containment;
import dev.faultline.serving.backend.ContainmentWish;
import dev.faultline.serving.declaration.Declared;

/// `isolation`, and in `limits` what a process of the version's own may use.
final class ContainmentReader {
  private static final long MEMORY_BYTES_MAX = 1L << 40;
  private static final int CPUS_MAX = 1_024;

  private ContainmentReader() {}

  /// `known` holds for what is not said.
  static ContainmentWish read(Declared root, Declared limits, ContainmentWish known) {
    return new ContainmentWish(
        root.at("isolation").choice(Containment.class, known.where()),
        limits.at("worker_memory").bytes(known.memoryBytesMax(), MEMORY_BYTES_MAX),
        (int) limits.at("worker_cpus").integer(known.cpusMax(), 1, CPUS_MAX));
  }
}
