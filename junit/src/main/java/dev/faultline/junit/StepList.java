package dev.faultline.junit;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.NearestName;
import dev.faultline.fault.Stage;
import dev.faultline.request.ModelRef;
import dev.faultline.request.StepRun;
import dev.faultline.serving.landmark.Landmarks;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.stage.CallerTrace;
import dev.faultline.serving.stage.Validated;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepChain;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The steps of PREPROCESS or POSTPROCESS of one version, all of them or one.
public final class StepList {
  private final Stage stage;
  private final ModelVersion version;
  private final StepChain chain;

  StepList(Stage stage, ModelVersion version, StepChain chain) {
    this.stage = stage;
    this.version = version;
    this.chain = chain;
  }

  /// In the order in which they run.
  public List<String> names() {
    return chain.steps().stream().map(Step::name).toList();
  }

  /// All steps, one after the other, as a request would meet them.
  public StepAnswer apply(Tensor... inputs) {
    return apply(chain, List.of(inputs));
  }

  /// One step alone, on the tensors that it would find.
  ///
  /// @throws IllegalArgumentException when there is no such step
  public StepAnswer apply(String step, Tensor... inputs) {
    Step found = chain.steps().stream().filter(each -> each.name().equals(step)).findFirst().orElseThrow(() -> unknown(step));
    return apply(new StepChain(stage, List.of(found), Landmarks.REQUEST, System::nanoTime), List.of(inputs));
  }

  private IllegalArgumentException unknown(String step) {
    String hint = NearestName.of(step, names()).map(near -> "did you mean '" + near + "'?").orElse("expected: one of " + String.join(", ", names()));
    return new IllegalArgumentException("%s of %s has no step '%s' (%s)".formatted(stage, version.id(), step, names().isEmpty() ? "it has no steps at all" : hint));
  }

  private StepAnswer apply(StepChain steps, List<Tensor> inputs) {
    var runs = new ArrayList<StepRun>();
    var request = FaultlineClient.request(new ModelRef(version.id().model(), version.id().version()), inputs);
    var trace = new CallerTrace(new Validated(request, inputs), version.contract());
    try {
      return new StepAnswer(steps.apply(inputs, runs::add, trace), runs, List.of());
    } catch (FaultException e) {
      Fault fault = e.fault();
      return new StepAnswer(List.of(), runs, List.of(fault));
    }
  }
}
