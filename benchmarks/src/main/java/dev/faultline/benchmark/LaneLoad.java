package dev.faultline.benchmark;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.fault.FaultException;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.Layout;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.SettingsReader;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.serving.step.StepReader;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Load on the lanes of one model version, without a socket: QUEUE and INFER only.
///
/// `batching` compares batches with single runs at 1, 8 and 64 clients; `poison` counts extra runs of failed batches; `overload` offers one
/// to twenty times the capacity; `recovery` times the way from a deadline to the next served request. Longer than most because its four
/// experiments share their parts.
public final class LaneLoad {
  private static final int WIDTH = 64;
  private static final long SEED = 7;

  private record Sample(String code, long nanos) {}

  private LaneLoad() {}

  /// @param args the experiment, and how many seconds each measurement takes
  public static void main(String[] args) throws Exception {
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : 4;
    switch (args.length == 0 ? "" : args[0]) {
      case "batching" -> batching(seconds);
      case "poison" -> poison();
      case "overload" -> overload(seconds);
      case "recovery" -> recovery();
      default -> throw new IllegalArgumentException("expected: batching, poison, overload or recovery");
    }
  }

  private static void batching(long seconds) throws Exception {
    Limits limits = new Limits(1, 1_000, 30_000, 30_000);
    ModelVersion single = version(network(), limits);
    ModelVersion joined = version(network(), limits.with(new Batching(64, 0, List.of())));
    say("%8s %14s %14s %7s %10s %10s %10s", "clients", "single/s", "batched/s", "gain", "p99 single", "p99 batch", "mean rows");
    for (int clients : new int[] {1, 8, 64}) {
      closed(single, clients, 2);
      closed(joined, clients, 2);
      long before = joined.batcher().counts().batches();
      long rowsBefore = joined.batcher().counts().rows();
      List<Sample> alone = closed(single, clients, seconds);
      List<Sample> together = closed(joined, clients, seconds);
      double mean = (joined.batcher().counts().rows() - rowsBefore) / (double) Math.max(1, joined.batcher().counts().batches() - before);
      say("%8d %14.0f %14.0f %7.2f %7.2f ms %7.2f ms %10.1f", clients, alone.size() / (double) seconds, together.size() / (double) seconds,
          together.size() / (double) alone.size(), millis(alone, .99), millis(together, .99), mean);
    }
  }

  private static void poison() throws Exception {
    say("%6s %5s %12s %12s %14s %10s", "batch", "bad", "extra calls", "2*ceil(log2)", "innocents hurt", "guilty");
    for (int size : new int[] {8, 32, 128}) {
      for (int bad : new int[] {1, 2, 4}) {
        ModelVersion version = version(table(), new Limits(1, 1_000, 60_000, 60_000).with(new Batching(size, 30_000_000, List.of())));
        Map<String, Integer> codes = once(version, size, bad);
        int served = codes.getOrDefault("served", 0);
        say("%6d %5d %12d %12d %14d %10d", size, bad, version.batcher().counts().extraCalls(), 2 * (int) Math.ceil(Math.log(size) / Math.log(2)),
            size - bad - served, codes.getOrDefault("infer.node_failed", 0));
      }
    }
  }

  private static Map<String, Integer> once(ModelVersion version, int size, int bad) {
    var codes = new ConcurrentLinkedQueue<String>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < size; i++) {
        Tensor ids = Tensor.longs("ids", Shape.of(1), i % (size / bad) == 1 ? 1_000_000 + i : i % 64);
        callers.execute(() -> codes.add(ask(version, List.of(ids), Deadline.NEVER).code()));
      }
    }
    var counted = new TreeMap<String, Integer>();
    codes.forEach(code -> counted.merge(code, 1, Integer::sum));
    return counted;
  }

  private static void overload(long seconds) throws Exception {
    for (String queue : new String[] {"queue of 256", "queue of 4"}) {
      ModelVersion version = version(chain(), new Limits(1, queue.endsWith("256") ? 256 : 4, 1_000, 30_000));
      double capacity = closed(version, 1, 3).size() / 3.0;
      say("%s; one client alone is served %.0f times a second", queue, capacity);
      say("%8s %10s %10s %12s %12s %12s %s", "offered", "served/s", "refused/s", "p50 served", "p99 served", "p99 refused", "codes");
      for (int times : new int[] {1, 2, 5, 10, 20}) {
        report(times, open(version, capacity * times, seconds), seconds);
      }
    }
  }

  private static void report(int times, List<Sample> samples, long seconds) {
    List<Sample> served = samples.stream().filter(each -> each.code().equals("served")).toList();
    List<Sample> refused = samples.stream().filter(each -> !each.code().equals("served")).toList();
    var codes = new TreeMap<String, Integer>();
    samples.forEach(each -> codes.merge(each.code(), 1, Integer::sum));
    say("%7dx %10.0f %10.0f %9.2f ms %9.2f ms %9.2f ms %s", times, served.size() / (double) seconds, refused.size() / (double) seconds,
        millis(served, .5), millis(served, .99), millis(refused, .99), codes);
  }

  private static void recovery() throws Exception {
    ModelVersion version = version(giant(), new Limits(1, 16, 60_000, 60_000));
    List<Tensor> small = List.of(Tensor.longs("size", Shape.of(2), 8, 8));
    List<Tensor> large = List.of(Tensor.longs("size", Shape.of(2), 4_000, 4_000));
    for (int i = 0; i < 20; i++) {
      ask(version, small, Deadline.NEVER);
    }
    say("%8s %22s %28s %12s", "round", "answered after deadline", "next served after deadline", "lanes lost");
    for (int round = 0; round < 5; round++) {
      long deadline = System.nanoTime() + 100_000_000;
      String first = ask(version, large, Deadline.after(System.nanoTime(), 100_000_000)).code();
      double answered = (System.nanoTime() - deadline) / 1e6;
      ask(version, small, Deadline.NEVER);
      say("%8d %19.1f ms %25.1f ms %12d  %s", round, answered, (System.nanoTime() - deadline) / 1e6, version.lanes().lost(), first);
      while (version.lanes().lost() > 0) {
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  /// Each client asks again as soon as it has its answer.
  private static List<Sample> closed(ModelVersion version, int clients, long seconds) {
    var samples = new ConcurrentLinkedQueue<Sample>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        List<Tensor> row = List.of(row(version, i));
        callers.execute(() -> {
          while (System.nanoTime() < end) {
            samples.add(ask(version, row, Deadline.NEVER));
          }
        });
      }
    }
    return List.copyOf(samples);
  }

  /// Requests arrive at a steady rate, whoever is still waiting.
  private static List<Sample> open(ModelVersion version, double perSecond, long seconds) {
    var samples = new ConcurrentLinkedQueue<Sample>();
    List<Tensor> row = List.of(row(version, 1));
    long start = System.nanoTime();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < perSecond * seconds; i++) {
        long due = start + (long) (i * 1e9 / perSecond);
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        callers.execute(() -> samples.add(ask(version, row, Deadline.NEVER)));
      }
    }
    return List.copyOf(samples);
  }

  private static Sample ask(ModelVersion version, List<Tensor> inputs, Deadline deadline) {
    long start = System.nanoTime();
    try (Place place = version.admission().admit(new Ask(inputs, deadline, Cancellation.NEVER, 0))) {
      var _ = place.run(version.model(), inputs, "load");
      return new Sample("served", System.nanoTime() - start);
    } catch (FaultException e) {
      return new Sample(e.fault().code().label(), System.nanoTime() - start);
    }
  }

  private static Tensor row(ModelVersion version, int seed) {
    var values = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i] = (float) Math.sin(seed + i);
    }
    return Tensor.floats(version.model().inputs().getFirst().name(), Shape.of(1, WIDTH), values);
  }

  private static double millis(List<Sample> samples, double quantile) {
    long[] sorted = samples.stream().mapToLong(Sample::nanos).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] / 1e6;
  }

  private static ModelVersion version(GraphBuilder graph, Limits limits) throws Exception {
    Path folder = Files.createTempDirectory("lane-load");
    Path file = Files.write(folder.resolve("model.onnx"), graph.bytes());
    var model = new OnnxBackend().load(new Artifact("m", "1", file, "sha256:0"), LoadOptions.DEFAULT);
    var candidate = new Found.Candidate("m", "1", Layout.FOLDER, folder, folder, file);
    VersionSettings settings = new SettingsReader(StepReader.withInstalledProviders()).read(candidate, model.inputs(), model.outputs(), limits);
    var version = new ModelVersion(new Artifact("m", "1", file, "sha256:0"), settings, model, ContractValidator::new, ContractChecker::new, System::nanoTime);
    version.open();
    return version;
  }

  /// Three layers of 256, some 150,000 products a row.
  private static GraphBuilder network() {
    return GraphBuilder.named("network").input("x", ElementType.FLOAT, "n", WIDTH)
        .initializer("a", weights(WIDTH, 256), WIDTH, 256).initializer("b", weights(256, 256), 256, 256).initializer("c", weights(256, 10), 256, 10)
        .node("first", "MatMul", List.of("x", "a"), List.of("h1")).node("relu1", "Relu", List.of("h1"), List.of("r1"))
        .node("second", "MatMul", List.of("r1", "b"), List.of("h2")).node("relu2", "Relu", List.of("h2"), List.of("r2"))
        .node("third", "MatMul", List.of("r2", "c"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 10);
  }

  /// Some milliseconds a run.
  private static GraphBuilder chain() {
    GraphBuilder graph = GraphBuilder.named("chain").input("h0", ElementType.FLOAT, "n", WIDTH).initializer("up", weights(WIDTH, 1_024), WIDTH, 1_024)
        .initializer("w", weights(1_024, 1_024), 1_024, 1_024).node("up", "MatMul", List.of("h0", "up"), List.of("g0"));
    for (int i = 0; i < 20; i++) {
      graph.node("product_" + i, "MatMul", List.of("g" + i, "w"), List.of("g" + (i + 1)));
    }
    return graph.node("total", "ReduceSum", List.of("g20"), List.of("y"), Attribute.ofInt("keepdims", 0)).output("y", ElementType.FLOAT);
  }

  private static GraphBuilder table() {
    return GraphBuilder.named("table").input("ids", ElementType.INT64, "n").initializer("rows", weights(64, 8), 64, 8)
        .node("lookup", "Gather", List.of("rows", "ids"), List.of("y")).output("y", ElementType.FLOAT, "n", 8);
  }

  private static GraphBuilder giant() {
    return GraphBuilder.named("giant").input("size", ElementType.INT64, 2)
        .node("fill", "ConstantOfShape", List.of("size"), List.of("a")).node("product", "MatMul", List.of("a", "a"), List.of("p"))
        .node("total", "ReduceSum", List.of("p"), List.of("y"), Attribute.ofInt("keepdims", 0)).output("y", ElementType.FLOAT);
  }

  private static float[] weights(int rows, int columns) {
    var random = new java.util.Random(SEED);
    var values = new float[rows * columns];
    IntStream.range(0, values.length).forEach(i -> values[i] = (random.nextFloat() - .5f) / rows);
    return values;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
