package dev.faultline.evaluation.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepException;
import dev.faultline.serving.step.StepProvider;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `evaluation-flaky`: fails with a probability, whatever the request, as a look-up over a bad network does.
public final class FlakyStep implements StepProvider {
  @Override
  public String kind() {
    return "evaluation-flaky";
  }

  @Override
  public Step create(String name, Map<String, Object> options) {
    double probability = options.get("probability") instanceof Number given ? given.doubleValue() : 0;
    long seed = options.get("seed") instanceof Number given ? given.longValue() : 0;
    return new Flaky(name, String.valueOf(options.get("input")), probability, new Random(seed));
  }

  private record Flaky(String name, String input, double probability, Random random) implements Step {
    @Override
    public String kind() {
      return "evaluation-flaky";
    }

    @Override
    public List<String> reads() {
      return List.of(input);
    }

    @Override
    public List<TensorSpec> specs(List<TensorSpec> before) {
      return before;
    }

    @Override
    public List<Tensor> apply(List<Tensor> before) {
      if (random.nextDouble() < probability) {
        throw new StepException(input, -1, "the feature store did not answer");
      }
      return before;
    }
  }
}
