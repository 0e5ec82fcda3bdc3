package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// The model itself did not come back with outputs.
public sealed interface InferFault extends Fault {

  /// A graph node failed. Blame is the caller's when the offending operand is itself a graph input: `culprits` holds that element.
  record NodeFailed(NodeRef at, String reason, Blame blame, List<Field> culprits, List<Evidence> evidence, List<Thrown> causes)
      implements InferFault {
    public NodeFailed {
      culprits = List.copyOf(culprits);
      evidence = List.copyOf(evidence);
      causes = List.copyOf(causes);
    }

    @Override
    public FaultCode code() {
      return FaultCode.INFER_NODE_FAILED;
    }

    @Override
    public String summary() {
      String from = culprits.isEmpty() ? "" : " for " + culprits.getFirst().path();
      return "node " + at + " failed" + from + ": " + reason;
    }

    @Override
    public Optional<NodeRef> node() {
      return Optional.of(at);
    }

    @Override
    public Optional<Field> field() {
      return culprits.stream().findFirst();
    }

    @Override
    public Optional<Thrown> thrown() {
      return causes.stream().findFirst();
    }
  }

  /// The engine failed without naming a node. `culprits` and `blame` as in [NodeFailed].
  record Failed(String reason, Blame blame, List<Field> culprits, List<Evidence> evidence, List<Thrown> causes) implements InferFault {
    public Failed {
      culprits = List.copyOf(culprits);
      evidence = List.copyOf(evidence);
      causes = List.copyOf(causes);
    }

    @Override
    public FaultCode code() {
      return FaultCode.INFER_FAILED;
    }

    @Override
    public String summary() {
      return "the engine failed: " + reason;
    }

    @Override
    public Optional<Field> field() {
      return culprits.stream().findFirst();
    }

    @Override
    public Optional<Thrown> thrown() {
      return causes.stream().findFirst();
    }
  }

  /// The model ran into its own time limit and was told to stop.
  record Timeout(double ranMillis, double limitMillis) implements InferFault {
    @Override
    public FaultCode code() {
      return FaultCode.INFER_TIMEOUT;
    }

    @Override
    public String summary() {
      return "the model ran %.0f ms (expected: at most %.0f ms)".formatted(ranMillis, limitMillis);
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("infer_timeout", ranMillis, limitMillis, "ms"));
    }
  }

  /// An allocation failed. `places` holds the node that asked, when the engine named it.
  record OutOfMemory(String reason, List<NodeRef> places, List<Evidence> evidence, List<Thrown> causes) implements InferFault {
    public OutOfMemory {
      places = List.copyOf(places);
      evidence = List.copyOf(evidence);
      causes = List.copyOf(causes);
    }

    @Override
    public FaultCode code() {
      return FaultCode.INFER_OUT_OF_MEMORY;
    }

    @Override
    public String summary() {
      return (places.isEmpty() ? "the model" : "node " + places.getFirst()) + " asked for more memory than there is: " + reason;
    }

    @Override
    public Optional<NodeRef> node() {
      return places.stream().findFirst();
    }

    @Override
    public Optional<Thrown> thrown() {
      return causes.stream().findFirst();
    }
  }

  /// A batch failed, and the guilty rows were not all found within the runs that may be spent on it. Nobody knows whether this request
  /// was guilty.
  record BatchBudget(int calls, int callsMax, int requestsLeft, String reason, List<Evidence> evidence) implements InferFault {
    public BatchBudget {
      evidence = List.copyOf(evidence);
    }

    @Override
    public FaultCode code() {
      return FaultCode.INFER_BATCH_BUDGET;
    }

    @Override
    public String summary() {
      return "the batch failed and " + calls + " extra runs did not find every guilty row (expected: at most " + callsMax + " runs; "
          + requestsLeft + " requests were left unjudged): " + reason;
    }

    @Override
    public List<Mend> mend() {
      return List.of(Mend.of("send the request again: it may well have been a neighbour's row"));
    }
  }

  /// The process that ran the model died.
  record Crashed(String reason, List<Evidence> evidence) implements InferFault {
    public Crashed {
      evidence = List.copyOf(evidence);
    }

    @Override
    public FaultCode code() {
      return FaultCode.INFER_CRASHED;
    }

    @Override
    public String summary() {
      return "the process that ran the model died: " + reason;
    }
  }
}
