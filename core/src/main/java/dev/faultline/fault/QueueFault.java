package dev.faultline.fault;

import java.util.List;

/// The request never got an instance.
public sealed interface QueueFault extends Fault {

  /// Seconds after which the caller may try again.
  int retryAfterSeconds();

  record Full(int waiting, int capacityMax, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_FULL;
    }

    @Override
    public String summary() {
      return waiting + " requests are waiting already (expected: fewer than " + capacityMax + ")";
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("queue_capacity", waiting, capacityMax, "requests"));
    }
  }

  record Timeout(double waitedMillis, double limitMillis, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_TIMEOUT;
    }

    @Override
    public String summary() {
      return "waited %.0f ms for an instance (expected: at most %.0f ms)".formatted(waitedMillis, limitMillis);
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("queue_timeout", waitedMillis, limitMillis, "ms"));
    }
  }
}
