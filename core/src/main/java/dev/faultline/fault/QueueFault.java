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

  /// An adaptive limit holds the number of requests inside below what the queue could take. `inside` counts those that run and those
  /// that wait.
  record Limited(int inside, int limit, String algorithm, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_FULL;
    }

    @Override
    public String summary() {
      return inside + " requests are inside already (expected: fewer than " + limit + ", the limit that " + algorithm + " has set for now)";
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("adaptive_limit", inside, limit, "requests"));
    }
  }

  /// What stands before the request takes longer than it may wait. `limitedBy` says whose limit that is: `the caller's deadline` or
  /// `queue_timeout`.
  record TooLate(int ahead, double expectedMillis, double leftMillis, String limitedBy, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_TOO_LATE;
    }

    @Override
    public String summary() {
      return "%d requests are ahead and will take about %.0f ms (expected: at most %.0f ms, which is what %s leaves)"
          .formatted(ahead, expectedMillis, leftMillis, limitedBy);
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("queue_wait", expectedMillis, leftMillis, "ms"));
    }
  }

  /// All lanes are held by runs that did not come back when they were told to stop, and no more may be replaced.
  record LanesLost(int lost, int lostMax, int retryAfterSeconds) implements QueueFault {
    @Override
    public FaultCode code() {
      return FaultCode.QUEUE_LANES_LOST;
    }

    @Override
    public String summary() {
      return lost + " runs were stopped and have not come back (expected: at most " + lostMax + ", the number of lost lanes that are replaced)";
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("lost_lanes", lost, lostMax, "lanes"));
    }

    @Override
    public List<Mend> mend() {
      return List.of(Mend.of("bound what makes a run this long, or run the model in a process of its own, which can be killed"));
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
