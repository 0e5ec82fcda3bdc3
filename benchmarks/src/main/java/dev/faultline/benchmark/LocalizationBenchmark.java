package dev.faultline.benchmark;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphWriter;
import dev.faultline.isolation.localize.Laboratory;
import dev.faultline.isolation.localize.NonfiniteFinding;
import dev.faultline.isolation.localize.NonfiniteSearch;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The node that makes the first NaN of a long graph, against one plain run and one load of it.
///
/// A chain of products of 64 x 64 and additions; a logarithm in the middle meets a negative number.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class LocalizationBenchmark {
  private static final int WIDTH = 64;
  private static final int REPLAYS = 200;
  private static final long MILLIS = 600_000;

  @Param({"1000"})
  public int nodes;

  private Path folder;
  private Artifact artifact;
  private LoadedModel loaded;
  private List<Tensor> inputs;

  @Setup
  public void make() throws IOException, LoadException {
    folder = Files.createTempDirectory("localization");
    Path file = folder.resolve("m.onnx");
    GraphWriter.write(chain().build(), file);
    artifact = new Artifact("m", "1", file, "sha256:1");
    loaded = new OnnxBackend().load(artifact, LoadOptions.DEFAULT);
    float[] row = new float[WIDTH];
    Arrays.fill(row, 1);
    row[3] = -1;
    inputs = List.of(Tensor.floats("x", Shape.of(1, WIDTH), row));
    NonfiniteFinding found = localize();
    System.out.println("found: " + found);
  }

  private GraphBuilder chain() {
    GraphBuilder graph = GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "n", WIDTH)
        .initializer("identity", identity(), WIDTH, WIDTH)
        .initializer("nought", new float[WIDTH], WIDTH);
    String last = "x";
    for (int i = 0; i < nodes; i++) {
      String next = "v" + i;
      if (i == nodes / 2) {
        graph.node("log", "Log", List.of(last), List.of(next));
      } else {
        graph.node("node" + i, i % 2 == 0 ? "MatMul" : "Add", List.of(last, i % 2 == 0 ? "identity" : "nought"), List.of(next));
      }
      last = next;
    }
    return graph.output(last);
  }

  private static float[] identity() {
    float[] values = new float[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i * WIDTH + i] = 1;
    }
    return values;
  }

  @Benchmark
  public RunResult plainRun() {
    return loaded.run(inputs, new RunControl());
  }

  @Benchmark
  public int load() throws LoadException {
    try (LoadedModel again = new OnnxBackend().load(artifact, LoadOptions.DEFAULT)) {
      return again.inputs().size();
    }
  }

  @Benchmark
  public NonfiniteFinding localize() {
    var laboratory = new Laboratory(new OnnxBackend(), folder.resolve("scratch"), System::nanoTime);
    return new NonfiniteSearch(laboratory).localize(artifact, inputs, new Budget(REPLAYS, MILLIS, System::nanoTime));
  }

  @TearDown
  public void remove() throws IOException {
    loaded.close();
    try (var files = Files.walk(folder)) {
      for (Path each : files.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
