package dev.faultline.backend.process;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.fault.FaultException;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What a process of its own costs, against the same engine in this process, in one run; prints the tables of RATIONALE.md.
///
/// Both are asked in turn, so that whatever else the machine does hits both.
final class ProcessMeasurement {
  private static final double MICROS = 1e3;
  private static final int MEBIBYTE = 1 << 20;

  private ProcessMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("measure");
    try (Workers workers = new Workers(folder, WorkerCommand.of(Workers.ONNX), Workers.settings(folder))) {
      costs(folder, workers);
      starts(workers);
    } finally {
      WorkerFolder.wipe(folder);
    }
  }

  private static void costs(Path folder, Workers workers) throws Exception {
    print("%-10s %-22s %10s %10s %10s %10s %10s".formatted("payload", "model", "here p50", "here p99", "child p50", "child p99", "added p50"));
    for (GraphBuilder graph : List.of(mean(), copy(), score())) {
      String name = graph.build().name();
      Path file = Files.write(folder.resolve(name + ".onnx"), graph.bytes());
      try (LoadedModel here = load(new OnnxBackend(), file);
          LoadedModel child = load(workers.backend(), file)) {
        for (int bytes : List.of(1 << 10, MEBIBYTE, 50 * MEBIBYTE)) {
          int rounds = bytes < MEBIBYTE ? 20_000 : bytes == MEBIBYTE ? 1_000 : 60;
          cost(name, bytes, rounds, here, child);
        }
      }
    }
  }

  private static void cost(String name, int bytes, int rounds, LoadedModel here, LoadedModel child) {
    float[] values = new float[bytes / Float.BYTES];
    Arrays.fill(values, 0.25f);
    Tensor x = Tensor.floats("x", Shape.of(values.length / 64, 64), values);
    double[] own = new double[rounds];
    double[] other = new double[rounds];
    for (int i = -rounds / 2; i < rounds; i++) {
      double first = micros(here, x);
      double second = micros(child, x);
      if (i >= 0) {
        own[i] = first;
        other[i] = second;
      }
    }
    Arrays.sort(own);
    Arrays.sort(other);
    double added = other[rounds / 2] - own[rounds / 2];
    print("%-10s %-22s %10.1f %10.1f %10.1f %10.1f %+10.1f (%+.0f %%)".formatted(size(bytes), name, own[rounds / 2], own[rounds * 99 / 100], other[rounds / 2], other[rounds * 99 / 100], added, 100 * added / own[rounds / 2]));
  }

  private static double micros(LoadedModel model, Tensor x) {
    long start = System.nanoTime();
    model.run(List.of(x), new RunControl());
    return (System.nanoTime() - start) / MICROS;
  }

  private static void starts(Workers workers) throws Exception {
    double[] millis = new double[7];
    for (int i = 0; i < millis.length; i++) {
      Thread.sleep(3_000); // the spare takes its place
      try (ProcessModel model = workers.load(mean())) {
        long pid = Workers.pid(model);
        long start = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Workers.until(() -> model.state() instanceof WorkerState.Running(long other) && other != pid);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    print("killed to running again with a spare: median %.0f ms (%.0f to %.0f)".formatted(millis[3], millis[0], millis[6]));
    allocation();
  }

  /// Whether the engine in this process recovers from an allocation that failed.
  private static void allocation() throws IOException, LoadException {
    GraphBuilder graph = GraphBuilder.named("z").input("n", ElementType.INT64, 1).node("zeros", "ConstantOfShape", List.of("n"), List.of("y")).output("y", FLOAT, "n");
    Path file = Files.write(Files.createTempFile("z", ".onnx"), graph.bytes());
    try (LoadedModel model = load(new OnnxBackend(), file)) {
      for (long n : new long[] {5, 1_000_000_000_000L, 5, 10_000_000}) {
        print("allocate %d floats here: %s".formatted(n, outcome(model, n)));
      }
    }
    Files.delete(file);
  }

  private static String outcome(LoadedModel model, long n) {
    try {
      return "served " + model.run(List.of(Tensor.longs("n", Shape.of(1), n)), new RunControl()).outputs();
    } catch (FaultException e) {
      return e.fault().summary();
    }
  }

  private static LoadedModel load(Backend backend, Path file) throws LoadException {
    return backend.load(new Artifact("m", "1", file, "sha256:0000"), LoadOptions.DEFAULT);
  }

  /// Much goes in, little comes out: what classifiers and rankers do.
  private static GraphBuilder mean() {
    return GraphBuilder.named("mean").input("x", FLOAT, "n", 64).node("mean", "ReduceMean", List.of("x"), List.of("y"), Attribute.ofInts("axes", 0)).output("y", FLOAT, 1, 64);
  }

  /// As much comes out as goes in and nothing is computed: the worst case.
  private static GraphBuilder copy() {
    return GraphBuilder.named("copy").input("x", FLOAT, "n", 64).node("same", "Identity", List.of("x"), List.of("y")).output("y", FLOAT, "n", 64);
  }

  /// A small network on every row.
  private static GraphBuilder score() {
    float[] weights = new float[64 * 64];
    Arrays.fill(weights, 0.01f);
    return GraphBuilder.named("network")
        .input("x", FLOAT, "n", 64)
        .initializer("w", weights, 64, 64)
        .node("dense", "MatMul", List.of("x", "w"), List.of("h"))
        .node("curve", "Tanh", List.of("h"), List.of("t"))
        .node("again", "MatMul", List.of("t", "w"), List.of("u"))
        .node("score", "ReduceMean", List.of("u"), List.of("y"), Attribute.ofInts("axes", 1))
        .output("y", FLOAT, "n", 1);
  }

  private static String size(int bytes) {
    return bytes < MEBIBYTE ? bytes / 1024 + " KiB" : bytes / MEBIBYTE + " MiB";
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
