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

  /// The process that runs the model is dead and not up again yet. `attempt` counts the starts since it last ran well, 1 for the first.
  record Restarting(String reason, int attempt, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_RESTARTING;
    }

    @Override
    public String summary() {
      return "the process that runs the model is being started again (attempt " + attempt + ") after it died: " + reason;
    }
  }

  /// The same input killed the process that ran it `kills` times. `digest` is what it is known by, `sha256:<hex>`; it is refused for
  /// another `retryAfterSeconds`, or until an operator clears it.
  record Quarantined(String digest, int kills, String reason, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_QUARANTINED;
    }

    @Override
    public String summary() {
      return "this input killed the process that ran it " + kills + " times and is refused for another " + retryAfterSeconds + " s: " + reason;
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Value(digest, "an input that does not kill the process", "quarantine"));
    }

    @Override
    public List<Mend> mend() {
      return List.of(Mend.of("mend the model, or clear the quarantine once a mended version is loaded; sending the input again does not help"));
    }
  }
}
