package dev.faultline.request;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What the edge knows of a request before anything is decoded.
///
/// `headers` holds only allow-listed ones, lower-case names; `atNanos` is a reading of the monotonic clock, `at` of the wall clock;
/// `deadline` is what transport headers ask for. `assignmentKey` tells callers apart whom a rollout keeps on one side, without saying who
/// they are; empty where there is none.
public record Arrival(
    RequestId id,
    Protocol protocol,
    String method,
    String path,
    Map<String, List<String>> query,
    Map<String, String> headers,
    TraceContext trace,
    String client,
    ModelRef model,
    Payload payload,
    long atNanos,
    Instant at,
    Deadline deadline,
    Cancellation cancellation,
    String assignmentKey) {

  public Arrival {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /// An arrival in a span of the caller's, of which no rollout wants to know who it came from; `traceId` and `spanId` are W3C hex or empty.
  public Arrival(
      RequestId id,
      Protocol protocol,
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, String> headers,
      String traceId,
      String spanId,
      String client,
      ModelRef model,
      Payload payload,
      long atNanos,
      Instant at,
      Deadline deadline,
      Cancellation cancellation) {
    this(
        id,
        protocol,
        method,
        path,
        query,
        headers,
        TraceContext.of(traceId, spanId),
        client,
        model,
        payload,
        atNanos,
        at,
        deadline,
        cancellation,
        "");
  }

  /// The same arrival without the bytes, for those who keep it longer than the request lives.
  public Arrival withoutPayload() {
    Payload none = Payload.of(new byte[0], payload.contentType());
    return new Arrival(
        id, protocol, method, path, query, headers, trace, client, model, none, atNanos, at, deadline, cancellation, assignmentKey);
  }

  /// The trace, or the empty text.
  public String traceId() {
    return trace.traceId();
  }

  /// The server's own span where it traces, else the caller's, or the empty text.
  public String spanId() {
    return trace.spanId();
  }

  /// The value of an allow-listed header, or the empty text.
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }
}
