package dev.faultline.fault;

import java.util.List;

/// The request was stopped from outside while it was in some stage.
public sealed interface StoppedFault extends Fault {

  /// The caller left.
  record Cancelled(Stage stage) implements StoppedFault {
    @Override
    public FaultCode code() {
      return FaultCode.of(stage, "cancelled");
    }

    @Override
    public String summary() {
      return "the caller left while the request was in " + stage;
    }
  }

  /// The caller's own deadline passed.
  record DeadlinePassed(Stage stage, double budgetMillis) implements StoppedFault {
    @Override
    public FaultCode code() {
      return FaultCode.of(stage, "deadline");
    }

    @Override
    public String summary() {
      return "the caller's deadline of %.0f ms passed while the request was in %s".formatted(budgetMillis, stage);
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("caller_deadline", budgetMillis, budgetMillis, "ms"));
    }
  }
}
