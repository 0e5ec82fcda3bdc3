package dev.faultline.serving;

import dev.faultline.request.Arrival;
import java.util.Optional;

/// The request that the current thread works for, so that the log can say it in every line. For nothing else: what a request needs travels
/// as arguments.
public final class CurrentRequest {
  private static final ScopedValue<Arrival> ARRIVAL = ScopedValue.newInstance();

  private CurrentRequest() {}

  /// Does something on behalf of a request.
  static <T> T during(Arrival arrival, ScopedValue.CallableOp<T, RuntimeException> work) {
    return ScopedValue.where(ARRIVAL, arrival).call(work);
  }

  public static Optional<Arrival> find() {
    return ARRIVAL.isBound() ? Optional.of(ARRIVAL.get()) : Optional.empty();
  }
}
