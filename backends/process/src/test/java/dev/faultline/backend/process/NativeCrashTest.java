package dev.faultline.backend.process;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real engine, killed by what is known to kill it.
@Timeout(120)
final class NativeCrashTest {
  @TempDir private Path folder;

  /// `(a + b) / b`: that the dividend is computed is why no check before the run sees the smallest integer coming.
  private static GraphBuilder division() {
    return GraphBuilder.named("d")
        .input("a", INT32, "n")
        .input("b", INT32, "n")
        .node("more", "Add", List.of("a", "b"), List.of("s"))
        .node("share", "Div", List.of("s", "b"), List.of("y"))
        .output("y", INT32, "n");
  }

  private static Tensor[] lethal() {
    return new Tensor[] {Tensor.ints("a", Shape.of(1), Integer.MIN_VALUE + 1), Tensor.ints("b", Shape.of(1), -1)};
  }

  @Test
  void aProcessorTrapIsTheFaultOfItsRequestAndTheNextOneIsServed() throws Exception {
    try (Workers workers = Workers.onnx(folder);
        ProcessModel model = workers.load(division())) {
      Fault fault = Workers.fault(model, lethal());
      assertThat(fault).isInstanceOf(InferFault.Crashed.class);
      assertThat(fault.summary()).contains("SIGFPE in libonnxruntime.so").contains("this was the only request inside");
      Evidence.Death death = (Evidence.Death) fault.evidence().getFirst();
      assertThat(death.signal()).isEqualTo("SIGFPE");
      assertThat(death.exitCode()).as("of a JVM that wrote its crash log").isEqualTo(1);
      assertThat(death.place()).startsWith("libonnxruntime.so");
      assertThat(death.thread()).contains("slot-0");
      assertThat(Path.of(death.log())).isRegularFile().content().contains("SIGFPE");
      assertThat(fault.evidence()).filteredOn(Evidence.Summary.class::isInstance).hasSize(2);
      assertThat(Workers.run(model, Tensor.ints("a", Shape.of(1), 7), Tensor.ints("b", Shape.of(1), 2)).outputs().getFirst().longAt(0)).isEqualTo(4);
    }
  }

  @Test
  void theSecondCrashPutsTheInputIntoQuarantineUntilItIsCleared() throws Exception {
    try (Workers workers = Workers.onnx(folder);
        ProcessModel model = workers.load(division())) {
      assertThat(Workers.fault(model, lethal())).isInstanceOf(InferFault.Crashed.class);
      assertThat(Workers.fault(model, lethal())).isInstanceOf(InferFault.Crashed.class);
      QueueFault.Quarantined refused = (QueueFault.Quarantined) Workers.fault(model, lethal());
      assertThat(refused.blame()).isEqualTo(Blame.MODEL);
      assertThat(refused.httpStatus()).isEqualTo(422);
      assertThat(refused.summary()).contains("killed the process that ran it 2 times").contains("SIGFPE");
      assertThat(refused.retryAfterSeconds()).isBetween(590, 600);
      assertThat(Workers.run(model, Tensor.ints("a", Shape.of(1), 7), Tensor.ints("b", Shape.of(1), -1)).outputs()).hasSize(1);
      assertThat(model.quarantine().entries()).singleElement().matches(Quarantine.Entry::held);
      assertThat(model.quarantine().clear(refused.digest())).isTrue();
      assertThat(Workers.fault(model, lethal())).isInstanceOf(InferFault.Crashed.class);
    }
  }

  /// An LSTM whose rows are chosen inside the graph, so that none may be left.
  @Test
  void anAbortIsTheFaultOfItsRequestWithTheEnginesLastWords() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("r")
            .input("x", FLOAT, "time", "batch", 3)
            .input("keep", BOOL, "batch")
            .initializer("w", new float[24], 1, 8, 3)
            .initializer("r", new float[16], 1, 8, 2)
            .node("choose", "Compress", List.of("x", "keep"), List.of("rows"), Attribute.ofInt("axis", 1))
            .node("memory", "LSTM", List.of("rows", "w", "r"), List.of("y"), Attribute.ofInt("hidden_size", 2))
            .output("y");
    Tensor x = Tensor.floats("x", Shape.of(1, 1, 3), 1, 2, 3);
    try (Workers workers = Workers.onnx(folder);
        ProcessModel model = workers.load(graph)) {
      Fault fault = Workers.fault(model, x, keep(0));
      assertThat(fault).isInstanceOf(InferFault.Crashed.class);
      Evidence.Death death = (Evidence.Death) fault.evidence().getFirst();
      assertThat(death.signal()).isEqualTo("SIGABRT");
      assertThat(death.exitCode()).isEqualTo(134);
      assertThat(death.lines()).isNotEmpty();
      assertThat(Workers.run(model, x, keep(1)).outputs()).hasSize(1);
    }
  }

  private static Tensor keep(int flag) {
    return new Tensor("keep", DataType.BOOL, Shape.of(1), Elements.fixed(DataType.BOOL, ByteBuffer.wrap(new byte[] {(byte) flag})));
  }

  @Test
  void tooMuchMemoryIsAFaultAndTheNextRequestFindsAnEngineWhoseAllocatorWorks() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("z").input("n", INT64, 1).node("zeros", "ConstantOfShape", List.of("n"), List.of("y")).output("y", FLOAT, "n");
    WorkerCommand limited = Workers.command(Workers.ONNX).withLimits(WorkerLimits.STANDARD.withMemoryBytesMax(1L << 30));
    try (Workers workers = new Workers(folder, limited, Workers.settings(folder));
        ProcessModel model = workers.load(graph)) {
      assertThat(Workers.fault(model, Tensor.longs("n", Shape.of(1), 500_000_000))).isInstanceOf(InferFault.OutOfMemory.class);
      assertThat(Workers.run(model, Tensor.longs("n", Shape.of(1), 5)).outputs().getFirst().count()).isEqualTo(5);
      assertThat(workers.told(WorkerEvent.Died.class)).extracting(WorkerEvent.Died::cause).containsExactly(DeathCause.RENEWED);
    }
  }

  /// One matrix product that takes long, which the engine does not interrupt.
  @Test
  void aKernelThatDoesNotStopIsKilledAndTheNextRequestIsServed() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("big").input("a", FLOAT, "n", "k").input("b", FLOAT, "k", "m").node("product", "MatMul", List.of("a", "b"), List.of("y")).output("y", FLOAT, "n", "m");
    try (Workers workers = Workers.onnx(folder);
        ProcessModel model = workers.load(graph)) {
      Tensor square = Tensor.floats("a", Shape.of(4096, 4096), new float[4096 * 4096]);
      // nothing tells when a run has entered the kernel; one that is told to stop before it does stops by itself, so it is asked again
      Fault fault = stoppedAfter(100, model, square);
      for (int millis = 200; millis <= 900 && !(fault instanceof InferFault.Crashed); millis += 100) {
        fault = stoppedAfter(millis, model, square);
      }
      assertThat(fault).isInstanceOf(InferFault.Crashed.class);
      assertThat(fault.summary()).contains("did not return within 300 ms after it was told to stop for TIMEOUT");
      Tensor one = Tensor.floats("a", Shape.of(1, 1), 3);
      assertThat(Workers.run(model, one, one.renamed("b")).outputs().getFirst().doubleAt(0)).isEqualTo(9);
    }
  }

  private static Fault stoppedAfter(int millis, ProcessModel model, Tensor square) throws Exception {
    var control = new RunControl();
    CompletableFuture<Fault> fault = Workers.async(() -> Workers.fault(model, control, square, square.renamed("b")));
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(() -> control.stop(StopReason.TIMEOUT));
    return fault.get(60, TimeUnit.SECONDS);
  }

  @Test
  void whatTheBackendRefusesIsRefusedWithItsCodeAndCause() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "not a model");
    try (Workers workers = Workers.onnx(folder)) {
      LoadException refused =
          Assertions.catchThrowableOfType(
              LoadException.class, () -> workers.backend().load(new Artifact("m", "1", file, "sha256:0000"), LoadOptions.DEFAULT));
      assertThat(refused.code()).isEqualTo("load.not_onnx");
      assertThat(refused.getCause()).hasMessageContaining("LoadException");
    }
  }
}
