package dev.faultline.request;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What the edge knows of a request before anything is decoded.
///
/// `headers` holds only allow-listed ones, lower-case names; `traceId` and `spanId` are W3C hex or empty; `atNanos` is a reading of
/// the monotonic clock, `at` of the wall clock; `deadline` is what transport headers ask for.
public record Arrival(
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

  public Arrival {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  /// The value of an allow-listed header, or the empty text.
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }
}
