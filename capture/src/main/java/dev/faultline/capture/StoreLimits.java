package dev.faultline.capture;

import java.time.Duration;

/// Bounds of a durable capture store.
///
/// - `bytesMax` and `ageMax` end retention: beyond either, the oldest segments are dropped whole. The segment that is being written
///   is never dropped, so that a store may exceed `bytesMax` by one segment.
/// - `segmentBytesMax` and `segmentAgeMax` close a segment.
/// - `inlinePayloadBytesMax`: a larger payload stands in a file beside the rows.
/// - `memoryBytes`: what the database engine may take; a query that needs more spills to disk.
/// - `diskReserveBytes`: an append is refused while the disk has less than this free, because others need the rest.
/// - `keptPerKindMax`: documents of a kind beyond this push out those kept longest ago.
public record StoreLimits(
    long bytesMax,
    Duration ageMax,
    long segmentBytesMax,
    Duration segmentAgeMax,
    int inlinePayloadBytesMax,
    long memoryBytes,
    long diskReserveBytes,
    int keptPerKindMax) {

  public static final StoreLimits DEFAULT =
      new StoreLimits(2L << 30, Duration.ofDays(7), 64L << 20, Duration.ofHours(1), 64 << 10, 256L << 20, 64L << 20, 10_000);

  /// Other bounds of retention; a segment is at most a sixteenth of the whole.
  public StoreLimits retaining(long bytes, Duration age) {
    return new StoreLimits(
        bytes,
        age,
        Math.clamp(bytes / 16, 1L << 20, DEFAULT.segmentBytesMax),
        age.dividedBy(8).compareTo(DEFAULT.segmentAgeMax) < 0 ? age.dividedBy(8) : DEFAULT.segmentAgeMax,
        inlinePayloadBytesMax,
        memoryBytes,
        diskReserveBytes,
        keptPerKindMax);
  }
}
