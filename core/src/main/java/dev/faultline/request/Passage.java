package dev.faultline.request;

import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What one request leaves behind, stage by stage.
///
/// `requests` holds the decoded request once DECODE is through; `engineInputs` what the model was given, `outputs` what it or
/// POSTPROCESS gave back, each empty when the request did not get that far. `seat` is its place in a dynamic batch, `assignment` its side of
/// a rollout. `totalNanos` runs from the arrival to the outcome.
public record Passage(
    Arrival arrival,
    ResolvedVersion version,
    List<InferenceRequest> requests,
    List<StageRun> stages,
    List<StepRun> steps,
    List<Tensor> engineInputs,
    List<Tensor> outputs,
    BatchSeat seat,
    Assignment assignment,
    long totalNanos) {

  /// A passage outside any rollout.
  public Passage(
      Arrival arrival,
      ResolvedVersion version,
      List<InferenceRequest> requests,
      List<StageRun> stages,
      List<StepRun> steps,
      List<Tensor> engineInputs,
      List<Tensor> outputs,
      BatchSeat seat,
      long totalNanos) {
    this(arrival, version, requests, stages, steps, engineInputs, outputs, seat, Assignment.NONE, totalNanos);
  }

  /// A passage outside any batch and rollout.
  public Passage(
      Arrival arrival,
      ResolvedVersion version,
      List<InferenceRequest> requests,
      List<StageRun> stages,
      List<StepRun> steps,
      List<Tensor> engineInputs,
      List<Tensor> outputs,
      long totalNanos) {
    this(arrival, version, requests, stages, steps, engineInputs, outputs, BatchSeat.NONE, totalNanos);
  }

  public Passage {
    requests = List.copyOf(requests);
    stages = List.copyOf(stages);
    steps = List.copyOf(steps);
    engineInputs = List.copyOf(engineInputs);
    outputs = List.copyOf(outputs);
  }

  public Optional<InferenceRequest> request() {
    return requests.stream().findFirst();
  }

  /// The model named in metrics and logs: the resolved one, or none when nothing was resolved.
  public String model() {
    return version.model();
  }
}
