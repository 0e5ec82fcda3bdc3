package dev.faultline.evaluation.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepException;
import dev.faultline.serving.step.StepProvider;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// `evaluation-shared-buffer`: keeps its working value in one place for all requests, and finds another's there when two come at once.
public final class SharedBufferStep implements StepProvider {
  private static final long WORK_NANOS = 300_000;

  @Override
  public String kind() {
    return "evaluation-shared-buffer";
  }

  @Override
  public Step create(String name, Map<String, Object> options) {
    return new SharedBuffer(name, String.valueOf(options.get("input")), new AtomicLong());
  }

  private record SharedBuffer(String name, String input, AtomicLong buffer) implements Step {
    @Override
    public String kind() {
      return "evaluation-shared-buffer";
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
      long own = buffer.incrementAndGet();
      LockSupport.parkNanos(WORK_NANOS);
      if (buffer.get() != own) {
        throw new StepException(input, -1, "the buffer holds something else than was written");
      }
      return before;
    }
  }
}
