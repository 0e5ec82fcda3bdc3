package dev.faultline.server.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;

/// Gives a request's span the ids that the request had from its arrival on, so that logs, exemplars and calls made for it name the same
/// span; all other spans get new ids. For the one thread that makes spans.
final class GivenIds implements IdGenerator {
  private final IdGenerator random = IdGenerator.random();
  private String traceId = "";
  private String spanId = "";

  /// The ids of the next span.
  void give(String newTraceId, String newSpanId) {
    traceId = newTraceId;
    spanId = newSpanId;
  }

  @Override
  public String generateTraceId() {
    return traceId.isEmpty() ? random.generateTraceId() : traceId;
  }

  @Override
  public String generateSpanId() {
    String given = spanId;
    spanId = "";
    return given.isEmpty() ? random.generateSpanId() : given;
  }
}
