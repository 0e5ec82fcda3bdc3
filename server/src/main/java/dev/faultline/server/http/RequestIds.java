package dev.faultline.server.http;

import dev.faultline.request.RequestId;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Mints request ids: UUIDs of version 7 (RFC 9562, 5.7), so that they sort by time.
public final class RequestIds {
  private final InstantSource clock;
  private final RandomGenerator random;

  /// `random` must be safe for use by several threads.
  public RequestIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public RequestId next() {
    long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new RequestId(new UUID(high, low).toString());
  }
}
