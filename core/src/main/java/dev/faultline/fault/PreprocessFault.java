package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// A named step before the model failed, or made NaN out of numbers.
public sealed interface PreprocessFault extends Fault {

  /// The step threw. `culprits` holds the input element that did it, when it was one.
  record StepFailed(String stepName, String reason, Blame blame, List<Field> culprits, List<Evidence> evidence, List<Thrown> causes)
      implements PreprocessFault {
    public StepFailed {
      culprits = List.copyOf(culprits);
      evidence = List.copyOf(evidence);
      causes = List.copyOf(causes);
    }

    @Override
    public FaultCode code() {
      return FaultCode.PREPROCESS_STEP_FAILED;
    }

    @Override
    public String summary() {
      return "preprocessing step '" + stepName + "' failed: " + reason;
    }

    @Override
    public Optional<String> step() {
      return Optional.of(stepName);
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

  /// The step's inputs were finite and its output is not.
  record Nonfinite(String stepName, String got, Blame blame, List<Field> culprits, List<Evidence> evidence) implements PreprocessFault {
    public Nonfinite {
      culprits = List.copyOf(culprits);
      evidence = List.copyOf(evidence);
    }

    @Override
    public FaultCode code() {
      return FaultCode.PREPROCESS_NONFINITE;
    }

    @Override
    public String summary() {
      String from = culprits.isEmpty() ? "" : " from " + culprits.getFirst().path();
      return "preprocessing step '" + stepName + "' made " + got + from + " (expected: finite values)";
    }

    @Override
    public Optional<String> step() {
      return Optional.of(stepName);
    }

    @Override
    public Optional<Field> field() {
      return culprits.stream().findFirst();
    }
  }
}
