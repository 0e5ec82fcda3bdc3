package dev.faultline.serving.current;

import dev.faultline.request.Arrival;
import java.util.Optional;

/// The request that the current thread works for, so that the log can say it in every line. For nothing else: what a request needs travels
/// as arguments. A thread that takes work over from another takes the tag over with it.
public final class CurrentRequest {
  private static final ScopedValue<Tag> TAG = ScopedValue.newInstance();

  private CurrentRequest() {}

  /// Who a thread works for. `request` holds several ids, parted by commas, where requests run together; `trace` and `span` are empty
  /// outside a trace.
  public record Tag(String request, String trace, String span) {
    public static Tag of(Arrival arrival) {
      return arrival.trace().isNone() ? of(arrival.id().value()) : new Tag(arrival.id().value(), arrival.traceId(), arrival.spanId());
    }

    /// Of requests of which only the ids are known.
    public static Tag of(String requests) {
      return new Tag(requests, "", "");
    }
  }

  /// Does something on behalf of a request.
  public static <T> T during(Tag tag, ScopedValue.CallableOp<T, RuntimeException> work) {
    return ScopedValue.where(TAG, tag).call(work);
  }

  /// Does something on behalf of a request.
  public static void during(Tag tag, Runnable work) {
    ScopedValue.where(TAG, tag).run(work);
  }

  public static Optional<Tag> find() {
    return TAG.isBound() ? Optional.of(TAG.get()) : Optional.empty();
  }
}
