package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// One thing that went wrong with one request. One family per stage, and one for what can happen in any stage.
///
/// A fault is a value: it can be stored, grouped and replayed. Which request, model version and moment it belongs to is said by
/// the [Occurrence] and the passage around it.
public sealed interface Fault
    permits DecodeFault,
        RouteFault,
        ValidateFault,
        PreprocessFault,
        QueueFault,
        InferFault,
        PostprocessFault,
        CheckFault,
        EncodeFault,
        StoppedFault,
        DefectFault {

  FaultCode code();

  /// One sentence: what was found and what was expected.
  String summary();

  default Blame blame() {
    return code().defaultBlame();
  }

  default Stage stage() {
    return code().stage();
  }

  default Optional<Field> field() {
    return Optional.empty();
  }

  default Optional<NodeRef> node() {
    return Optional.empty();
  }

  /// Name of the step to blame.
  default Optional<String> step() {
    return Optional.empty();
  }

  default List<Breach> breaches() {
    return List.of();
  }

  default List<Evidence> evidence() {
    return List.of();
  }

  default List<Mend> mend() {
    return List.of();
  }

  default Optional<Thrown> thrown() {
    return Optional.empty();
  }

  default int httpStatus() {
    return code().httpStatus(blame());
  }

  default String grpcStatus() {
    return code().grpcStatus(blame());
  }
}
