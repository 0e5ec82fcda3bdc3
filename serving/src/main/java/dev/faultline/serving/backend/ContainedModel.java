package dev.faultline.serving.backend;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// A model together with the knowledge where it runs and why. `model` is what the backend loaded there.
public record ContainedModel(LoadedModel model, ContainmentWish wish, ContainmentChoice choice) implements LoadedModel {

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
  public RunResult run(List<Tensor> inputs, RunControl control) {
    return model.run(inputs, control);
  }

  @Override
  public long hangKillMillis() {
    return model.hangKillMillis();
  }

  @Override
  public void close() {
    model.close();
  }
}
