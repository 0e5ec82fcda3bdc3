package dev.faultline.server.telemetry;

import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;

/// The durations of calls under the conventions' names, beside Faultline's own.
final class CallTimes {
  private final DoubleHistogram http;
  private final DoubleHistogram rpc;
  private final CallAttributes calls;

  CallTimes(Meter meter, CallAttributes calls) {
    this.http = seconds(meter, Conventions.HTTP_DURATION, "Duration of HTTP server requests.");
    this.rpc = seconds(meter, Conventions.RPC_DURATION, "Duration of incoming remote procedure calls.");
    this.calls = calls;
  }

  void record(Told told) {
    Context context = RequestSpans.contextOf(told.arrival());
    (told.isGrpc() ? rpc : http).record(told.totalNanos() / 1e9, calls.ofMetric(told), context);
  }

  private static DoubleHistogram seconds(Meter meter, String name, String description) {
    return meter.histogramBuilder(name).setUnit("s").setDescription(description).setExplicitBucketBoundariesAdvice(Conventions.DURATION_SECONDS).build();
  }
}
