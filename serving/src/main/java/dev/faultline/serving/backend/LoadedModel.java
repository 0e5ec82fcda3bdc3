package dev.faultline.serving.backend;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// One model version in memory, ready to run. Safe for use by several lanes at once.
public interface LoadedModel extends AutoCloseable {

  List<TensorSpec> inputs();

  List<TensorSpec> outputs();

  ModelFacts facts();

  /// Runs the model on inputs that its specs accept, in any order; blocks the calling platform thread.
  ///
  /// A node's failure becomes an `InferFault` with node, operator and operand; where the operand is a graph input, its culprit is
  /// the element of the *engine's* input, which the pipeline traces back to the request. When `control` was stopped the run ends as
  /// soon as the engine lets go, with any outcome: the pipeline knows the reason.
  ///
  /// @throws dev.faultline.fault.FaultException carrying an `InferFault`
  RunResult run(List<Tensor> inputs, RunControl control);

  /// How long after it was stopped for the model's own limit a run may go on before it is ended by force and fails as `infer.crashed`; 0
  /// when nothing can end it.
  default long hangKillMillis() {
    return 0;
  }

  /// Called once, when no run is under way.
  @Override
  void close();
}
