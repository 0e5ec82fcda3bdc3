package dev.faultline.backend.process;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/// A backend in child JVMs as tests want it: what it tells is kept, and it ends with the test.
final class Workers implements AutoCloseable {
  static final String ONNX = "dev.faultline.backend.onnx.OnnxBackend";

  private final Path folder;
  private final ProcessBackend backend;
  final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

  Workers(Path folder, WorkerCommand command, ProcessSettings settings) throws IOException {
    this.folder = folder;
    this.backend = new ProcessBackend(command, settings, (_, _, event) -> events.add(event), System::nanoTime);
  }

  static Workers scripted(Path folder) throws IOException {
    return new Workers(folder, command(ScriptedBackend.class.getName()), settings(folder));
  }

  static Workers onnx(Path folder) throws IOException {
    return new Workers(folder, command(ONNX), settings(folder));
  }

  /// Compiling little is what short lives want.
  static WorkerCommand command(String backendClass) {
    return WorkerCommand.of(backendClass).withJvmFlags(List.of("-XX:TieredStopAtLevel=1"));
  }

  static ProcessSettings settings(Path folder) {
    return ProcessSettings.standard(folder.resolve("crashes")).withHangKillMillis(300);
  }

  ProcessBackend backend() {
    return backend;
  }

  Path script() {
    return folder.resolve("script");
  }

  ProcessModel load() throws IOException, LoadException {
    return load(Files.writeString(script(), "do as you are told"));
  }

  ProcessModel load(GraphBuilder graph) throws IOException, LoadException {
    return load(Files.write(folder.resolve("model.onnx"), graph.bytes()));
  }

  private ProcessModel load(Path file) throws LoadException {
    return backend.load(new Artifact("m", "1", file, "sha256:0000"), LoadOptions.DEFAULT);
  }

  @Override
  public void close() {
    backend.close();
  }

  <E extends WorkerEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  static RunResult run(ProcessModel model, Tensor... inputs) {
    return model.run(List.of(inputs), new RunControl());
  }

  static Fault fault(ProcessModel model, Tensor... inputs) {
    return fault(model, new RunControl(), inputs);
  }

  static Fault fault(ProcessModel model, RunControl control, Tensor... inputs) {
    return Assertions.catchThrowableOfType(FaultException.class, () -> model.run(List.of(inputs), control)).fault();
  }

  /// On a thread of its own: the common pool of a small machine has one.
  static <T> CompletableFuture<T> async(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, each -> Thread.ofPlatform().daemon().start(each));
  }

  static long pid(ProcessModel model) {
    until(() -> model.state() instanceof WorkerState.Running);
    return ((WorkerState.Running) model.state()).pid();
  }

  static void until(BooleanSupplier condition) {
    long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > limit) {
        throw new AssertionError("30 s passed and it did not come true");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
