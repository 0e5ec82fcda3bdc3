package dev.faultline.request;

import java.util.HexFormat;

/// Where a request stands in a distributed trace, as W3C Trace Context and W3C Baggage have it. Ids are lower-case hex, texts are empty when
/// there is none.
///
/// `spanId` is the server's own span where the server traces, else the caller's; `parentId` is the caller's span, empty when the trace
/// begins here. `flags` are the caller's, or *sampled* when the trace begins here. `state` and `baggage` are passed on as they came, within
/// the limits of the specifications.
public record TraceContext(String traceId, String spanId, String parentId, int flags, String state, String baggage) {
  /// A request that is part of no trace.
  public static final TraceContext NONE = new TraceContext("", "", "", 0, "", "");

  /// The flag that says: this trace is recorded.
  public static final int SAMPLED = 1;

  /// A caller's span, in which nothing of the server's own is recorded.
  public static TraceContext of(String traceId, String spanId) {
    return traceId.isEmpty() ? NONE : new TraceContext(traceId, spanId, spanId, SAMPLED, "", "");
  }

  public boolean isNone() {
    return traceId.isEmpty();
  }

  /// The header `traceparent` for a call made on behalf of this request, or the empty text.
  public String traceparent() {
    return isNone() ? "" : "00-" + traceId + "-" + spanId + "-" + HexFormat.of().toHexDigits((byte) flags);
  }
}
