package dev.faultline.isolation.localize;

import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.function.Predicate;

/// The real engine with a fault of its own: fails where `fails` says, and tells a failed run's story as `told` changes it.
record WarpedBackend(Predicate<LoadOptions> fails, UnaryOperator<InferFault> told) implements Backend {

  static final InferFault MADE_UP =
      new InferFault.NodeFailed(new NodeRef(-1, "fused_17", "FusedThing", ""), "it does not fit", Blame.MODEL, List.of(), List.of(), List.of());

  @Override
  public String engine() {
    return "warped/1";
  }

  @Override
  public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
    return new Model(Bed.ENGINE.load(artifact, options), fails.test(options), told);
  }

  private record Model(LoadedModel loaded, boolean fails, UnaryOperator<InferFault> told) implements LoadedModel {
    @Override
    public List<TensorSpec> inputs() {
      return loaded.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
      return loaded.outputs();
    }

    @Override
    public ModelFacts facts() {
      return loaded.facts();
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      if (fails) {
        throw new FaultException(MADE_UP);
      }
      try {
        return loaded.run(inputs, control);
      } catch (FaultException e) {
        throw e.fault() instanceof InferFault fault ? new FaultException(told.apply(fault), e) : e;
      }
    }

    @Override
    public void close() {
      loaded.close();
    }
  }
}
