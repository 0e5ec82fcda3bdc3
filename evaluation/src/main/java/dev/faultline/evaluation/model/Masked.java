package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Attention over up to twelve vectors of which a mask says which count: what does not count weighs minus infinity. Held out.
public final class Masked implements Family {
  public static final String MASK = "mask";
  private static final int WIDTH = 4;

  private final long seed;

  public Masked(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "masked";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    int length = 4 + random.nextInt(9);
    double[] vectors = new double[length * WIDTH];
    double[] mask = new double[length];
    Arrays.setAll(vectors, _ -> Math.rint(100 * random.nextGaussian()) / 100);
    int counting = 1 + random.nextInt(length);
    Arrays.setAll(mask, i -> i < counting ? 1 : 0);
    return List.of(Input.floats("vectors", List.of(1, length, WIDTH), vectors), Input.floats(MASK, List.of(1, length), mask));
  }

  @Override
  public Release sound(int version) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("masked")
        .input("vectors", FLOAT, "batch", "length", WIDTH)
        .input(MASK, FLOAT, "batch", "length")
        .initializer("question", weights.normal(WIDTH, 1), WIDTH, 1)
        .initializer("never", new float[] {Float.NEGATIVE_INFINITY}, 1)
        .initializer("last", new long[] {2}, 1)
        .initializer("head.weight", weights.normal(WIDTH, 0.5), WIDTH, 1)
        .node("/attention/ask", "MatMul", List.of("vectors", "question"), List.of("asked"))
        .node("/attention/squeeze", "Squeeze", List.of("asked", "last"), List.of("raw"))
        .node("/attention/counts", "Cast", List.of(MASK), List.of("counts"), Attribute.ofType("to", BOOL))
        .node("/attention/mask", "Where", List.of("counts", "raw", "never"), List.of("heard"))
        .node("/attention/softmax", "Softmax", List.of("heard"), List.of("shares"), Attribute.ofInt("axis", 1))
        .node("/attention/unsqueeze", "Unsqueeze", List.of("shares", "last"), List.of("column"))
        .node("/attention/weigh", "Mul", List.of("vectors", "column"), List.of("weighed"))
        .node("/attention/sum", "ReduceMean", List.of("weighed"), List.of("answer"), Attribute.ofInts("axes", 1), Attribute.ofInt("keepdims", 0))
        .node("/head", "MatMul", List.of("answer", "head.weight"), List.of("relevance"))
        .output("relevance", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\n");
  }
}
