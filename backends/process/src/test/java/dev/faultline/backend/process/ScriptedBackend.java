package dev.faultline.backend.process;

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
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A backend that does what its input says: `order` holds what to do and a number; everything else comes back as it is.
public final class ScriptedBackend implements Backend {

  enum Order {
    ECHO,
    /// Takes so many milliseconds, or until it is stopped.
    SLEEP,
    /// Takes so many milliseconds, whoever says stop.
    HANG,
    /// Ends the process with an exit code.
    HALT,
    /// Throws what no backend may throw.
    DEFECT,
    FAULT,
    /// Asks for more of the Java heap than there is.
    HEAP,
    /// Holds so many mebibytes of shared memory.
    SHARED,
    /// Recurses until the stack is full.
    OVERFLOW
  }

  static Tensor order(Order what, long number) {
    return Tensor.longs("order", Shape.of(2), List.of(Order.values()).indexOf(what), number);
  }

  @Override
  public String engine() {
    return "scripted/1";
  }

  @Override
  public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
    if (!Files.exists(artifact.file())) {
      throw new LoadException("load.unreadable", "there is no '" + artifact.file() + "' (expected: a file)");
    }
    return new Model();
  }

  private static final class Model implements LoadedModel {
    @Override
    public List<TensorSpec> inputs() {
      return List.of(TensorSpec.of("order", DataType.INT64, List.of(new Dimension.Fixed(2))));
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of(TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Free())));
    }

    @Override
    public ModelFacts facts() {
      return new ModelFacts("scripted", "script", 0, 1, "test", Map.of("key", "value"));
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      Tensor order = inputs.getFirst();
      obey(List.of(Order.values()).get((int) order.longAt(0)), order.longAt(1), control);
      return new RunResult(inputs, List.of());
    }

    @Override
    public void close() {}

    private static void obey(Order order, long number, RunControl control) {
      switch (order) {
        case ECHO -> {}
        case SLEEP -> sleep(number, control);
        case HANG -> sleep(number, new RunControl());
        case HALT -> Runtime.getRuntime().halt((int) number);
        case DEFECT -> throw new IllegalArgumentException("number " + number);
        case FAULT -> throw new FaultException(new InferFault.Failed("as told", Blame.MODEL, List.of(), List.of(), List.of()));
        case HEAP -> touch(new byte[Integer.MAX_VALUE - 8]);
        case SHARED -> hold(number << 20);
        case OVERFLOW -> touch(new byte[(int) deeper(number)]);
      }
    }

    private static void sleep(long millis, RunControl control) {
      var stopped = new CountDownLatch(1);
      control.attach(stopped::countDown);
      try {
        if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
          throw new FaultException(new InferFault.Failed("stopped for " + control.stopReason().orElseThrow(), Blame.MODEL, List.of(), List.of(), List.of()));
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        control.detach();
      }
    }

    private static long deeper(long number) {
      return number < 0 ? number : deeper(number + 1) + 1;
    }

    private static void touch(byte[] bytes) {
      bytes[0] = 1;
    }

    private static void hold(long bytes) {
      try {
        Path file = Files.createTempFile("hold", null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          MemorySegment held = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.global());
          held.fill((byte) 1);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sleep(60_000, new RunControl());
    }
  }
}
