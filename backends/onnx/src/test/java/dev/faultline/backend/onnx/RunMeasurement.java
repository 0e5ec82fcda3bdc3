package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.STRING;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/// What a run costs over the bare Java binding; the numbers stand in `RATIONALE.md`. Not a test: run `main`.
final class RunMeasurement {

  private static final int ROUNDS = 7;

  private RunMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    mlp(1);
    mlp(256);
    text();
    large();
  }

  private static void mlp(int batch) throws Exception {
    float[] values = new float[batch * 20];
    Tensor heap = Tensor.floats("x", Shape.of(batch, 20), values);
    Tensor direct = direct(heap);
    try (OnnxModel model = Models.load(network());
        OrtSession session = bare(network())) {
      System.out.printf("MLP batch %d: bare %.2f us, ours from heap %.2f us, ours from outside the heap %.2f us%n",
          batch,
          micros(20_000, () -> bare(session, values, batch)),
          micros(20_000, () -> model.run(List.of(heap), new RunControl())),
          micros(20_000, () -> model.run(List.of(direct), new RunControl())));
    }
  }

  private static GraphBuilder network() {
    return GraphBuilder.named("mlp")
        .input("x", FLOAT, "batch", 20)
        .initializer("w1", weights(20 * 32), 20, 32)
        .initializer("w2", weights(32 * 32), 32, 32)
        .initializer("w3", weights(32 * 3), 32, 3)
        .node("fc1", "MatMul", List.of("x", "w1"), List.of("h1"))
        .node("a1", "Relu", List.of("h1"), List.of("r1"))
        .node("fc2", "MatMul", List.of("r1", "w2"), List.of("h2"))
        .node("a2", "Relu", List.of("h2"), List.of("r2"))
        .node("fc3", "MatMul", List.of("r2", "w3"), List.of("h3"))
        .node("p", "Softmax", List.of("h3"), List.of("y"))
        .output("y", FLOAT, "batch", 3);
  }

  private static void text() throws Exception {
    GraphBuilder graph = GraphBuilder.named("t").input("x", STRING, "n").node("same", "Identity", List.of("x"), List.of("y")).output("y", STRING, "n");
    String[] texts = new String[100];
    Arrays.fill(texts, "a text of middling length, about forty");
    Tensor ours = Tensor.strings("x", Shape.of(100), List.of(texts));
    try (OnnxModel model = Models.load(graph);
        OrtSession session = bare(graph)) {
      System.out.printf("100 texts: bare %.1f us, ours %.1f us%n",
          micros(2_000, () -> bareText(session, texts)), micros(2_000, () -> model.run(List.of(ours), new RunControl())));
    }
  }

  private static Object bareText(OrtSession session, String[] texts) throws Exception {
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), texts, new long[] {texts.length});
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      return result.get(0).getValue();
    }
  }

  /// 1 MiB in, 1 MiB out: what the copy costs, and where the copy should go.
  private static void large() throws Exception {
    GraphBuilder graph = GraphBuilder.named("l").input("x", FLOAT, "n").node("neg", "Neg", List.of("x"), List.of("y")).output("y", FLOAT, "n");
    float[] values = new float[1 << 18];
    Tensor heap = Tensor.floats("x", Shape.of(values.length), values);
    Tensor direct = direct(heap);
    try (OnnxModel model = Models.load(graph);
        OrtSession session = bare(graph)) {
      System.out.printf("1 MiB: bare from heap (a direct buffer a run) %.0f us, ours from heap %.0f us, ours from outside the heap %.0f us%n",
          micros(500, () -> bareLarge(session, values)),
          micros(500, () -> model.run(List.of(heap), new RunControl())),
          micros(500, () -> model.run(List.of(direct), new RunControl())));
    }
    System.out.printf("memory alone: allocateDirect %.1f us, confined arena %.1f us%n",
        micros(500, () -> ByteBuffer.allocateDirect(1 << 20)), micros(500, RunMeasurement::arena));
  }

  private static Object arena() {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(1 << 20, 8).byteSize();
    }
  }

  private static Object bareLarge(OrtSession session, float[] values) throws Exception {
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(values), new long[] {values.length});
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer();
    }
  }

  private static Object bare(OrtSession session, float[] values, int batch) throws Exception {
    try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), FloatBuffer.wrap(values), new long[] {batch, 20});
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer();
    }
  }

  private static OrtSession bare(GraphBuilder graph) throws Exception {
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(graph.bytes(), options);
    }
  }

  private static Tensor direct(Tensor heap) {
    ByteBuffer source = ((Elements.Fixed) heap.elements()).bytes();
    ByteBuffer outside = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN).put(source).flip();
    return new Tensor(heap.name(), DataType.FP32, heap.shape(), Elements.fixed(DataType.FP32, outside));
  }

  private static float[] weights(int count) {
    Random random = new Random(7);
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = random.nextFloat() - 0.5f;
    }
    return weights;
  }

  /// Median over the rounds of the mean over the runs, after one round of warming up.
  private static double micros(int runs, Callable<Object> run) throws Exception {
    double[] means = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        run.call();
      }
      if (round >= 0) {
        means[round] = (System.nanoTime() - start) / 1e3 / runs;
      }
    }
    Arrays.sort(means);
    return means[ROUNDS / 2];
  }
}
