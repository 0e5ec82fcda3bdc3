package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// A named step after the model failed.
public record PostprocessFault(String stepName, String reason, List<Evidence> evidence, List<Thrown> causes) implements Fault {

  public PostprocessFault {
    evidence = List.copyOf(evidence);
    causes = List.copyOf(causes);
  }

  @Override
  public FaultCode code() {
    return FaultCode.POSTPROCESS_STEP_FAILED;
  }

  @Override
  public String summary() {
    return "postprocessing step '" + stepName + "' failed: " + reason;
  }

  @Override
  public Optional<String> step() {
    return Optional.of(stepName);
  }

  @Override
  public Optional<Thrown> thrown() {
    return causes.stream().findFirst();
  }
}
