package dev.faultline.server.http;

import dev.faultline.request.RequestId;
import dev.faultline.request.TraceContext;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Mints request ids: UUIDs of version 7 (RFC 9562, 5.7), so that they sort by time; and, where the server traces, ids of traces and spans.
public final class RequestIds {

  /// Whether requests get a span of the server's own.
  public enum Spans {
    OWN,
    NONE
  }

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Spans spans;

  /// Request ids only; a caller's trace is carried along.
  public RequestIds(InstantSource clock, RandomGenerator random) {
    this(clock, random, Spans.NONE);
  }

  /// `random` must be safe for use by several threads.
  public RequestIds(InstantSource clock, RandomGenerator random, Spans spans) {
    this.clock = clock;
    this.random = random;
    this.spans = spans;
  }

  /// Where a request stands whose caller is in `caller`, or in no trace: in a new span where the server traces.
  TraceContext enter(TraceContext caller) {
    if (spans == Spans.NONE) {
      return caller;
    }
    if (caller.isNone()) {
      return new TraceContext(hex() + hex(), hex(), "", TraceContext.SAMPLED, "", caller.baggage());
    }
    return new TraceContext(caller.traceId(), hex(), caller.parentId(), caller.flags(), caller.state(), caller.baggage());
  }

  /// Sixteen digits, not all of them 0.
  private String hex() {
    long bits = random.nextLong();
    return HexFormat.of().toHexDigits(bits == 0 ? 1 : bits);
  }

  public RequestId next() {
    long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new RequestId(new UUID(high, low).toString());
  }
}
