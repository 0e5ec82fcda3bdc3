package dev.faultline.server.grpc;

import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.server.http.CallIds;
import io.grpc.Context;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Who calls: the metadata that is kept, the ids, the address, and the call's context, which knows its deadline and whether it was
/// cancelled. `version` is the version or label that the metadata names, empty when it names none.
record GrpcCaller(String path, CallIds ids, Map<String, String> headers, String client, String version, Context context) {
  private static final long HEAD_START_MILLIS = 100;

  GrpcCaller {
    headers = Map.copyOf(headers);
  }

  Arrival arrival(ModelRef model, Payload payload, long atNanos, Instant at) {
    return new Arrival(
        ids.id(),
        Protocol.V2_GRPC,
        "POST",
        path,
        Map.of(),
        headers,
        ids.traceId(),
        ids.spanId(),
        client,
        model,
        payload,
        atNanos,
        at,
        deadline(atNanos),
        cancellation());
  }

  GrpcCaller called(CallIds other) {
    return new GrpcCaller(path, other, headers, client, version, context);
  }

  private Deadline deadline(long atNanos) {
    io.grpc.Deadline deadline = context.getDeadline();
    return deadline == null ? Deadline.NEVER : Deadline.after(atNanos, Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  /// A context is cancelled by its deadline too, and that is another fault. So is a cancellation just before the deadline: the caller's clock
  /// began earlier than ours, by the time that the call was on its way, and says so a little before ours does.
  private Cancellation cancellation() {
    io.grpc.Deadline deadline = context.getDeadline();
    return () -> context.isCancelled() && (deadline == null || deadline.timeRemaining(TimeUnit.MILLISECONDS) > HEAD_START_MILLIS);
  }
}
