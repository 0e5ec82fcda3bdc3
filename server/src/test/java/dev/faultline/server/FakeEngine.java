package dev.faultline.server;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.serving.stage.Checked;
import dev.faultline.serving.stage.Validated;
import dev.faultline.serving.step.Step;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A backend whose models double their one input `x`. The value 13 makes a node fail, 500 a bug, 60 waits for the test, 61
/// too and does not heed that it is stopped.
final class FakeEngine implements Backend {
  static final TensorSpec X = TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Free()));
  static final TensorSpec Y = TensorSpec.of("y", DataType.FP32, List.of(new Dimension.Free()));
  private static final long TEST_SECONDS_MAX = 20;

  final CountDownLatch release = new CountDownLatch(1);
  final CountDownLatch loading = new CountDownLatch(1);
  final AtomicInteger waiting = new AtomicInteger();
  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  volatile boolean holdsLoading;
  volatile List<Step> preprocess = List.of();
  /// Asked at each load, so that each copy of a version has steps of its own.
  volatile Supplier<List<Step>> steps = () -> preprocess;

  Furnishing furnishing() {
    var contract = new Contract(List.of(X), List.of(Y), List.of(), List.of(), List.of("graph"));
    return new Furnishing(
        this,
        (_, _, _, limits) -> new VersionSettings(contract, steps.get(), List.of(), limits, List.of(), List.of()),
        (_, _) -> request -> new Validated(request, request.inputs().stream().map(InputTensor::tensor).toList()),
        (_, _) -> (_, outputs, _) -> new Checked(outputs, List.of()));
  }

  @Override
  public String engine() {
    return "fake/1";
  }

  @Override
  public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
    if (artifact.model().equals("broken")) {
      throw new LoadException("load.invalid", "the file holds no model (expected: one)");
    }
    if (holdsLoading) {
      await(loading);
    }
    open.incrementAndGet();
    return new Doubling();
  }

  private void holdUntilReleasedOrStopped(RunControl control) {
    var over = new CountDownLatch(1);
    control.attach(over::countDown);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TEST_SECONDS_MAX);
    try {
      while (release.getCount() > 0 && !over.await(2, TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the test never let go");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(TEST_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the test never let go");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Doubling implements LoadedModel {
    @Override
    public List<TensorSpec> inputs() {
      return List.of(X);
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of(Y);
    }

    @Override
    public ModelFacts facts() {
      return new ModelFacts("fake_double", "fake", 1, 1, "test", Map.of());
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      runs.incrementAndGet();
      Tensor x = inputs.getFirst();
      float[] doubled = new float[x.count()];
      for (int i = 0; i < doubled.length; i++) {
        doubled[i] = value(x.doubleAt(i), control);
      }
      return new RunResult(List.of(Tensor.floats("y", x.shape(), doubled)), List.of());
    }

    private float value(double given, RunControl control) {
      if (given == 13) {
        throw new FaultException(new InferFault.Failed("thirteen brings bad luck", Blame.MODEL, List.of(), List.of(), List.of()));
      }
      if (given == 500) {
        throw new IllegalStateException("a bug with a secret in it");
      }
      if (given == 60) {
        waiting.incrementAndGet();
        holdUntilReleasedOrStopped(control);
      }
      if (given == 61) {
        waiting.incrementAndGet();
        await(release);
      }
      return (float) (2 * given);
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }
}
