package dev.faultline.server.grpc;

import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.rollout.Draw;
import dev.faultline.server.edge.VersionHeader;
import dev.faultline.server.http.CallIds;
import io.grpc.Context;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Who calls: the metadata that is kept, the ids, the address, and the call's context, which knows its deadline and whether it was
/// cancelled. `metadata` looks a name up, empty when it is not there.
record GrpcCaller(String path, CallIds ids, Map<String, String> headers, String client, UnaryOperator<String> metadata, Context context) {
  private static final long HEAD_START_MILLIS = 100;
  private static final String VERSION = VersionHeader.NAME.toLowerCase(Locale.ROOT);

  GrpcCaller {
    headers = Map.copyOf(headers);
  }

  /// The version or label that the metadata names; empty when it names none.
  String version() {
    return metadata.apply(VERSION);
  }

  /// `keys` as for [dev.faultline.server.edge.Arrivals].
  Arrival arrival(ModelRef model, Payload payload, long atNanos, Instant at, UnaryOperator<String> keys) {
    return new Arrival(
        ids.id(),
        Protocol.V2_GRPC,
        "POST",
        path,
        Map.of(),
        headers,
        ids.trace(),
        client,
        model,
        payload,
        atNanos,
        at,
        deadline(atNanos),
        cancellation(),
        key(keys.apply(model.name())));
  }

  private String key(String name) {
    String value = name.isEmpty() ? "" : metadata.apply(name);
    return value.isEmpty() ? "" : Draw.keyOf(value);
  }

  GrpcCaller called(CallIds other) {
    return new GrpcCaller(path, other, headers, client, metadata, context);
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
