package dev.faultline.isolation.localize;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.NodeRef;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;

/// Questions to a model file that need nothing but the engine: does the run fail as before, is its answer finite, does it say what was
/// expected. For [Chimera]; whoever replays whole requests brings an oracle of their own.
public final class ModelOracles {

  private final Laboratory laboratory;
  private final Budget budget;

  public ModelOracles(Laboratory laboratory, Budget budget) {
    this.laboratory = laboratory;
    this.budget = budget;
  }

  /// Whether a run fails with a fault of this code at a node of the same operator; another fault is unresolved.
  public Oracle<Artifact> fault(List<Tensor> inputs, Fault fault) {
    return model -> test(model, inputs, _ -> false, other -> other.code() == fault.code() && op(other).equals(op(fault)));
  }

  /// Whether an output holds something that is not finite.
  public Oracle<Artifact> nonfinite(List<Tensor> inputs) {
    return model -> test(model, inputs, outputs -> outputs.stream().anyMatch(output -> !FiniteScan.allFinite(output)), _ -> false);
  }

  /// Whether an output departs from what is expected, by name: some element by more than `atol` and `rtol` of the expected one together.
  public Oracle<Artifact> departure(List<Tensor> inputs, List<Tensor> expected, double rtol, double atol) {
    return model -> test(model, inputs, outputs -> expected.stream().anyMatch(each -> departs(each, outputs, rtol, atol)), _ -> false);
  }

  private TrialResult test(Artifact model, List<Tensor> inputs, Predicate<List<Tensor>> shows, Predicate<Fault> same) {
    if (!budget.tryTake()) {
      return TrialResult.UNRESOLVED;
    }
    try (LoadedModel loaded = laboratory.backend().load(model, LoadOptions.DEFAULT)) {
      return shows.test(loaded.run(inputs, new RunControl()).outputs()) ? TrialResult.FAIL : TrialResult.PASS;
    } catch (FaultException e) {
      return same.test(e.fault()) ? TrialResult.FAIL : TrialResult.UNRESOLVED;
    } catch (LoadException e) {
      // a model between two versions need not be one that an engine takes
      return TrialResult.UNRESOLVED;
    }
  }

  private static String op(Fault fault) {
    return fault.node().map(NodeRef::op).orElse("");
  }

  private static boolean departs(Tensor expected, List<Tensor> outputs, double rtol, double atol) {
    return outputs.stream().filter(output -> output.name().equals(expected.name())).noneMatch(output -> isClose(expected, output, rtol, atol));
  }

  private static boolean isClose(Tensor expected, Tensor output, double rtol, double atol) {
    if (!expected.shape().equals(output.shape()) || expected.type() != output.type()) {
      return false;
    }
    for (int i = 0; i < expected.count(); i++) {
      if (expected.type().isFloating() ? !isClose(expected.doubleAt(i), output.doubleAt(i), rtol, atol) : !expected.textAt(i).equals(output.textAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isClose(double expected, double got, double rtol, double atol) {
    return Double.compare(expected, got) == 0 || Math.abs(expected - got) <= atol + rtol * Math.abs(expected);
  }
}
