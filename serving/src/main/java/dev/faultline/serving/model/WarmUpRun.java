package dev.faultline.serving.model;

import dev.faultline.fault.FaultException;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.stage.CallerTrace;
import dev.faultline.serving.stage.Validated;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What a version must pass between loading and answering: its warm-up runs, and its golden requests with the answers they must get.
///
/// Golden requests go the way of a caller's, from VALIDATE to CHECK, under the version's own limits. Nobody else hears of them.
final class WarmUpRun {
  private static final int MISMATCHES_MAX = 10;
  private static final String CALLER = "warm-up";

  private final ModelVersion version;

  WarmUpRun(ModelVersion version) {
    this.version = version;
  }

  /// @throws LoadException `load.warmup_failed` when a run fails, `load.golden_mismatch` when an answer is another than expected
  void pass() throws LoadException {
    var mismatches = new ArrayList<String>();
    for (WarmUp each : version.settings().warmUps()) {
      mismatches.addAll(mismatches(each));
      if (mismatches.size() >= MISMATCHES_MAX) {
        break;
      }
    }
    if (!mismatches.isEmpty()) {
      throw new LoadException("load.golden_mismatch", what() + " does not give the answers it must give: " + String.join("; ", mismatches));
    }
  }

  private List<String> mismatches(WarmUp warmUp) throws LoadException {
    try {
      return switch (warmUp) {
        case WarmUp.Graph graph -> {
          for (int i = 0; i < graph.count(); i++) {
            run(graph.inputs());
          }
          yield List.of();
        }
        case WarmUp.Golden golden -> mismatches(golden);
      };
    } catch (FaultException e) {
      throw new LoadException("load.warmup_failed", what() + " fails its warm-up " + warmUp.name() + ": " + e.fault().summary() + " (" + e.fault().code().label() + ")", e);
    } catch (RuntimeException e) {
      throw new LoadException("load.warmup_failed", what() + " fails its warm-up " + warmUp.name() + ": " + e, e);
    }
  }

  private List<String> mismatches(WarmUp.Golden golden) {
    List<Tensor> answer = answer(golden.inputs());
    var mismatches = new ArrayList<String>();
    for (WarmUp.Expected expected : golden.expected()) {
      answer.stream()
          .filter(tensor -> tensor.name().equals(expected.tensor().name()))
          .findFirst()
          .ifPresentOrElse(
              found -> GoldenComparison.mismatch(found, expected).ifPresent(words -> mismatches.add(golden.name() + ": " + words)),
              () -> mismatches.add(golden.name() + ": there is no output '" + expected.tensor().name() + "'"));
    }
    return mismatches;
  }

  /// As the pipeline does it for a caller.
  private List<Tensor> answer(List<Tensor> inputs) {
    List<InputTensor> sent = IntStream.range(0, inputs.size()).mapToObj(i -> InputTensor.of(inputs.get(i), InputTensor.Layout.FLAT, i)).toList();
    var asked = new ModelRef(version.id().model(), version.id().version());
    var request = new InferenceRequest("", asked, Map.of(), sent, List.of(), Deadline.NEVER);
    Validated valid = version.validator().validate(request);
    var trace = new CallerTrace(valid, version.contract());
    List<Tensor> prepared = version.preprocess().apply(valid.inputs(), _ -> {}, trace);
    RunResult result = trace.run(prepared, () -> run(prepared));
    List<Tensor> outputs = version.postprocess().apply(result.outputs(), _ -> {}, trace);
    return version.checker().check(valid, outputs, result.watched()).outputs();
  }

  private RunResult run(List<Tensor> inputs) {
    try (Place place = version.lanes().admit(new Ask(inputs, Deadline.NEVER, Cancellation.NEVER, 0))) {
      return place.run(version.model(), inputs, CALLER);
    }
  }

  private String what() {
    return "model '" + version.id().model() + "' version " + version.id().version();
  }
}
