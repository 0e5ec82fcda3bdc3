package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Eight columns that the graph standardises over the rows of the request, so that the rows are not judged each by itself. A row alone
/// has no deviation.
public final class Cohort implements Family {
  public static final String TENSOR = "scores";
  private static final List<String> NAMES = List.of("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7");

  private final long seed;

  public Cohort(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "cohort";
  }

  @Override
  public Map<String, List<String>> columns() {
    return Map.of(TENSOR, NAMES);
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    return List.of(of(random, 2 + random.nextInt(7)));
  }

  public static Input of(RandomGenerator random, int rows) {
    double[] values = new double[rows * NAMES.size()];
    Arrays.setAll(values, _ -> Math.rint(1e3 * random.nextGaussian()) / 1e3);
    return Input.floats(TENSOR, List.of(rows, NAMES.size()), values);
  }

  @Override
  public Release sound(int version) {
    GraphBuilder graph = GraphBuilder.named("cohort")
        .input(TENSOR, FLOAT, "batch", NAMES.size())
        .initializer("weights", new Weights(seed, version).normal(NAMES.size(), 0.3), NAMES.size(), 1)
        .node("/cohort/mean", "ReduceMean", List.of(TENSOR), List.of("mean"), Attribute.ofInts("axes", 0))
        .node("/cohort/center", "Sub", List.of(TENSOR, "mean"), List.of("centred"))
        .node("/cohort/square", "Mul", List.of("centred", "centred"), List.of("squares"))
        .node("/cohort/variance", "ReduceMean", List.of("squares"), List.of("variance"), Attribute.ofInts("axes", 0))
        .node("/cohort/root", "Sqrt", List.of("variance"), List.of("deviation"))
        .node("/cohort/divide", "Div", List.of("centred", "deviation"), List.of("standard"))
        .node("/head", "MatMul", List.of("standard", "weights"), List.of("rank"))
        .output("rank", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\ninputs:\n  scores:\n    columns: [" + String.join(", ", NAMES) + "]\n");
  }
}
