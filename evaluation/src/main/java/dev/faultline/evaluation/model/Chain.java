package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.FLOAT16;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Twelve blocks of normalisation and two dense layers around a residual, as a transformer has them: about 200 nodes in a row.
public final class Chain implements Family {
  public static final String TENSOR = "embedding";
  public static final int BLOCKS = 12;
  private static final int WIDTH = 16;

  /// What a release may have wrong in one block.
  public enum Defect {
    NONE,
    /// The first dense layer runs in half precision, behind a gain that half precision cannot hold.
    HALF_PRECISION,
    /// The small number under the root has the wrong sign and size.
    EPSILON_NEGATIVE,
    /// One weight of the first dense layer is infinite.
    WEIGHT_LOST
  }

  private final long seed;

  public Chain(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "chain";
  }

  public static String node(int block, String step) {
    return "/block_" + block + "/" + step;
  }

  public static String weight(int block, String name) {
    return "block_" + block + "." + name;
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double[] row = new double[WIDTH];
    Arrays.setAll(row, _ -> Math.rint(1e4 * random.nextGaussian()) / 1e4);
    return List.of(Input.floats(TENSOR, List.of(1, WIDTH), row));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE, 0);
  }

  public Release release(int version, Defect defect, int block) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("chain").input(TENSOR, FLOAT, "batch", WIDTH);
    String at = TENSOR;
    for (int i = 0; i < BLOCKS; i++) {
      at = block(graph, weights, i, at, i == block ? defect : Defect.NONE);
    }
    graph
        .initializer("head.weight", weights.normal(WIDTH, 0.05), WIDTH, 1)
        .node("/head/multiply", "MatMul", List.of(at, "head.weight"), List.of("logit"))
        .node("/head/score", "Sigmoid", List.of("logit"), List.of("score"))
        .output("score", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  score: {range: [0, 1]}\n");
  }

  private static String block(GraphBuilder graph, Weights weights, int block, String in, Defect defect) {
    String p = "b" + block + ".";
    normalised(graph, block, in, defect);
    float[] first = weights.normal(WIDTH * WIDTH, 0.25);
    if (defect == Defect.WEIGHT_LOST) {
      first[block] = Float.POSITIVE_INFINITY;
    }
    graph.initializer(weight(block, "dense.weight"), first, WIDTH, WIDTH).initializer(weight(block, "dense.bias"), weights.normal(WIDTH, 0.1), WIDTH);
    graph.initializer(weight(block, "out.weight"), weights.normal(WIDTH * WIDTH, 0.25), WIDTH, WIDTH);
    graph.initializer(weight(block, "out.bias"), weights.normal(WIDTH, 0.1), WIDTH);
    graph.node(node(block, "dense/multiply"), "MatMul", List.of(p + "norm", weight(block, "dense.weight")), List.of(p + "product"));
    String product = defect == Defect.HALF_PRECISION ? halved(graph, block) : p + "product";
    graph.node(node(block, "dense/add"), "Add", List.of(product, weight(block, "dense.bias")), List.of(p + "hidden"));
    graph.node(node(block, "relu"), "Relu", List.of(p + "hidden"), List.of(p + "active"));
    graph.node(node(block, "out/multiply"), "MatMul", List.of(p + "active", weight(block, "out.weight")), List.of(p + "back"));
    graph.node(node(block, "out/add"), "Add", List.of(p + "back", weight(block, "out.bias")), List.of(p + "delta"));
    graph.node(node(block, "residual"), "Add", List.of(in, p + "delta"), List.of(p + "out"));
    return p + "out";
  }

  private static void normalised(GraphBuilder graph, int block, String in, Defect defect) {
    String p = "b" + block + ".";
    graph.initializer(weight(block, "epsilon"), new float[] {defect == Defect.EPSILON_NEGATIVE ? -1e5f : 1e-5f}, 1);
    graph.initializer(weight(block, "gamma"), Weights.all(WIDTH, 1), WIDTH).initializer(weight(block, "beta"), Weights.all(WIDTH, 0), WIDTH);
    graph.node(node(block, "norm/mean"), "ReduceMean", List.of(in), List.of(p + "mean"), Attribute.ofInts("axes", 1));
    graph.node(node(block, "norm/center"), "Sub", List.of(in, p + "mean"), List.of(p + "centred"));
    graph.node(node(block, "norm/square"), "Mul", List.of(p + "centred", p + "centred"), List.of(p + "squares"));
    graph.node(node(block, "norm/variance"), "ReduceMean", List.of(p + "squares"), List.of(p + "variance"), Attribute.ofInts("axes", 1));
    graph.node(node(block, "norm/epsilon"), "Add", List.of(p + "variance", weight(block, "epsilon")), List.of(p + "safe"));
    graph.node(node(block, "norm/root"), "Sqrt", List.of(p + "safe"), List.of(p + "deviation"));
    graph.node(node(block, "norm/divide"), "Div", List.of(p + "centred", p + "deviation"), List.of(p + "standard"));
    graph.node(node(block, "norm/gain"), "Mul", List.of(p + "standard", weight(block, "gamma")), List.of(p + "gained"));
    graph.node(node(block, "norm/shift"), "Add", List.of(p + "gained", weight(block, "beta")), List.of(p + "norm"));
  }

  private static String halved(GraphBuilder graph, int block) {
    String p = "b" + block + ".";
    graph.initializer(weight(block, "gain"), new float[] {3e5f}, 1);
    graph.node(node(block, "half/gain"), "Mul", List.of(p + "product", weight(block, "gain")), List.of(p + "loud"));
    graph.node(node(block, "half/cast"), "Cast", List.of(p + "loud"), List.of(p + "half"), Attribute.ofType("to", FLOAT16));
    graph.node(node(block, "half/back"), "Cast", List.of(p + "half"), List.of(p + "whole"), Attribute.ofType("to", FLOAT));
    return p + "whole";
  }
}
