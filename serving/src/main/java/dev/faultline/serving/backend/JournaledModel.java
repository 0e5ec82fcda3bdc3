package dev.faultline.serving.backend;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// A model of this process whose runs leave a mark while they are inside the engine, so that a crash is held against the right version.
record JournaledModel(LoadedModel model, CrashJournal.Entry mark) implements LoadedModel {

  @Override
  public RunResult run(List<Tensor> inputs, RunControl control) {
    mark.enter();
    try {
      return model.run(inputs, control);
    } finally {
      mark.leave();
    }
  }

  @Override
  public List<TensorSpec> inputs() {
    return model.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return model.outputs();
  }

  @Override
  public ModelFacts facts() {
    return model.facts();
  }

  @Override
  public void close() {
    model.close();
  }
}
