package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// Our own bug: something was thrown that no stage meant to throw. Never the caller's fault.
public record DefectFault(Stage stage, Thrown cause) implements Fault {

  @Override
  public FaultCode code() {
    // infer.crashed is taken: there the process that ran the model died, which is not our bug
    return stage == Stage.INFER ? FaultCode.INFER_DEFECT : FaultCode.of(stage, "crashed");
  }

  @Override
  public String summary() {
    return "Faultline itself failed in " + stage + "; this is a bug, please report it with the fault's id";
  }

  @Override
  public Optional<Thrown> thrown() {
    return Optional.of(cause);
  }

  @Override
  public List<Mend> mend() {
    return List.of(Mend.of("the log has the whole stack trace under the fault's id"));
  }
}
