package dev.faultline.fault;

import java.util.Locale;
import java.util.Optional;

/// Whose clock ended a request: the four ways of running out of time, told apart in codes, metrics and logs.
public enum Clock {
  /// It waited longer than `queue_timeout`.
  QUEUE,
  /// The model ran longer than `infer_timeout`.
  INFER,
  /// The caller's own deadline passed.
  CALLER_DEADLINE,
  /// The caller left before there was an answer.
  CALLER_LEFT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// Lower case, as in metrics and logs.
  public String label() {
    return label;
  }

  /// The clock that ended a request with this fault; empty when it was something else.
  public static Optional<Clock> of(Fault fault) {
    return switch (fault) {
      case QueueFault.Timeout _ -> Optional.of(QUEUE);
      case InferFault.Timeout _ -> Optional.of(INFER);
      case StoppedFault.DeadlinePassed _ -> Optional.of(CALLER_DEADLINE);
      case StoppedFault.Cancelled _ -> Optional.of(CALLER_LEFT);
      case Fault _ -> Optional.empty();
    };
  }
}
