package dev.faultline.server.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;

/// Remembers how the transport ended a call, which the call itself is not told: a message beyond the transport's limit and a caller who
/// left both arrive there as a cancellation.
final class StreamEnd extends ServerStreamTracer {
  static final Factory FACTORY = new Factory() {
    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
      return new StreamEnd();
    }
  };

  private static final Context.Key<StreamEnd> KEY = Context.key("faultline-stream-end");

  private final AtomicReference<Status> end = new AtomicReference<>(Status.OK);

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void streamClosed(Status status) {
    end.set(status);
  }

  /// Whether the transport refused a message for its size.
  static boolean isTooLarge(Context context) {
    StreamEnd end = KEY.get(context);
    return end != null && end.end.get().getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }
}
