package dev.faultline.benchmark;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphWriter;
import dev.faultline.isolation.localize.Laboratory;
import dev.faultline.isolation.localize.NonfiniteFinding;
import dev.faultline.isolation.localize.NonfiniteLocalizer;
import dev.faultline.isolation.localize.NonfiniteSearch;
import dev.faultline.isolation.localize.Origin;
import dev.faultline.isolation.localize.ThrowFinding;
import dev.faultline.isolation.localize.ThrowLocalizer;
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
import java.util.Optional;
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

/// Naming the node to blame in a large graph, against one plain run of it and against loading it.
///
/// The graph is a chain of `nodes` nodes over 64 numbers, every other one adding 1; in its middle a `Log` makes NaN of a negative number, or a `Gather` is given an
/// index that its table does not have.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LocalizeBenchmark {
  private static final int WIDTH = 64;

  @Param({"200", "1000"})
  public int nodes;

  private final OnnxBackend backend = new OnnxBackend();
  private Path folder;
  private Artifact nonfinite;
  private Artifact throwing;
  private LoadedModel plain;
  private NonfiniteLocalizer open;
  private Laboratory laboratory;
  private List<Tensor> negative;
  private List<Tensor> outside;

  @Setup
  public void prepare() throws IOException, LoadException {
    folder = Files.createTempDirectory("localize-benchmark");
    laboratory = new Laboratory(backend, folder.resolve("scratch"), System::nanoTime);
    nonfinite = write("nonfinite", chain("Log"));
    throwing = write("throwing", chain("Gather"));
    plain = backend.load(nonfinite, LoadOptions.DEFAULT);
    open = NonfiniteLocalizer.open(nonfinite, backend, laboratory.scratch(), System::nanoTime);
    float[] values = new float[WIDTH];
    values[7] = -10_000;
    negative = List.of(Tensor.floats("x", Shape.of(1, WIDTH), values), Tensor.longs("i", Shape.of(1), 1));
    outside = List.of(Tensor.floats("x", Shape.of(1, WIDTH), new float[WIDTH]), Tensor.longs("i", Shape.of(1), 9));
  }

  @TearDown
  public void clean() throws IOException {
    open.close();
    plain.close();
    Files.deleteIfExists(nonfinite.file());
    Files.deleteIfExists(throwing.file());
    Files.deleteIfExists(laboratory.scratch());
    Files.deleteIfExists(folder);
  }

  /// What everything else is compared with.
  @Benchmark
  public RunResult plainRun() {
    return plain.run(negative, new RunControl());
  }

  /// Loading, one run, closing.
  @Benchmark
  public RunResult loadAndRun() throws LoadException {
    try (LoadedModel loaded = backend.load(nonfinite, LoadOptions.DEFAULT)) {
      return loaded.run(negative, new RunControl());
    }
  }

  /// The quick answer of a localizer that stays open.
  @Benchmark
  public Optional<Origin> firstNode() {
    return open.localize(negative);
  }

  /// The whole answer, from the file.
  @Benchmark
  public NonfiniteFinding nonfinite() {
    return new NonfiniteSearch(laboratory).localize(nonfinite, negative, budget());
  }

  /// A failing node with its operands and the element that offends, from the file.
  @Benchmark
  public ThrowFinding failing() {
    return new ThrowLocalizer(laboratory).localize(throwing, outside, budget());
  }

  private static Budget budget() {
    return new Budget(64, 60_000, System::nanoTime);
  }

  private Artifact write(String name, GraphBuilder model) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    GraphWriter.write(model.build(), file);
    return new Artifact(name, "1", file, "sha256:" + name);
  }

  private GraphBuilder chain(String fault) {
    GraphBuilder model =
        GraphBuilder.named("chain")
            .input("x", ElementType.FLOAT, "n", WIDTH)
            .input("i", ElementType.INT64, "k")
            .initializer("table", new float[4 * WIDTH], 4, WIDTH)
            .initializer("ones", ones(), WIDTH);
    String value = "x";
    for (int node = 0; node < nodes - 2; node++) {
      if (node == nodes / 2) {
        value = fault(model, fault, value);
      }
      String next = "v" + node;
      model.node("node" + node, node % 2 == 0 ? "Mul" : "Add", List.of(value, "ones"), List.of(next));
      value = next;
    }
    return model.output(value);
  }

  private static String fault(GraphBuilder model, String op, String value) {
    if (op.equals("Log")) {
      model.node("fault", "Log", List.of(value), List.of("f"));
    } else {
      model.node("fault", "Gather", List.of("table", "i"), List.of("g")).node("join", "Add", List.of(value, "g"), List.of("f"));
    }
    return "f";
  }

  private static float[] ones() {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    return ones;
  }
}
