package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// A sequence whose every element is compared with every other: twice as long takes four times as long, and a run has a limit.
public final class Pairwise implements Family {
  public static final String TENSOR = "sequence";
  public static final int LONG = 3_500;

  private final long seed;

  public Pairwise(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "pairwise";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    return List.of(of(random, 10 + random.nextInt(50)));
  }

  public static Input of(RandomGenerator random, int length) {
    double[] values = new double[length];
    Arrays.setAll(values, _ -> Math.rint(100 * random.nextDouble()) / 100);
    return Input.floats(TENSOR, List.of(1, length), values);
  }

  @Override
  public Release sound(int version) {
    GraphBuilder graph = GraphBuilder.named("pairwise")
        .input(TENSOR, FLOAT, 1, "length")
        .initializer("column", new long[] {-1, 1}, 2)
        .initializer("temperature", new Weights(seed, version).normal(1, 1), 1)
        .node("/column", "Reshape", List.of(TENSOR, "column"), List.of("tall"))
        .node("/pairs", "MatMul", List.of("tall", TENSOR), List.of("pairs"))
        .node("/pairs/sin", "Sin", List.of("pairs"), List.of("waves"))
        .node("/pairs/exp", "Exp", List.of("waves"), List.of("powers"))
        .node("/pairs/tanh", "Tanh", List.of("powers"), List.of("bounded"))
        .node("/pairs/mean", "ReduceMean", List.of("bounded"), List.of("mean"), Attribute.ofInts("axes", 1), Attribute.ofInt("keepdims", 0))
        .node("/mean", "ReduceMean", List.of("mean"), List.of("level"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .output("level", FLOAT, 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\nlimits:\n  infer_timeout: 60ms\n");
  }
}
