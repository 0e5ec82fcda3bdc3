package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Orders in tables of one to eight rows, each judged by itself; the square root of every amount is taken. Held out.
public final class Orders implements Family {
  public static final String TENSOR = "orders";
  private static final List<String> NAMES = List.of("net", "gross", "items", "weight", "volume", "days", "rebate", "points", "stock", "returns");

  private final long seed;

  public Orders(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "orders";
  }

  public static List<String> names() {
    return NAMES;
  }

  @Override
  public Map<String, List<String>> columns() {
    return Map.of(TENSOR, NAMES);
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    int rows = 1 + random.nextInt(8);
    double[] values = new double[rows * NAMES.size()];
    Arrays.setAll(values, _ -> Math.rint(100 * Math.exp(1 + random.nextGaussian())) / 100);
    return List.of(Input.floats(TENSOR, List.of(rows, NAMES.size()), values));
  }

  @Override
  public Release sound(int version) {
    GraphBuilder graph = GraphBuilder.named("orders")
        .input(TENSOR, FLOAT, "batch", NAMES.size())
        .initializer("weights", new Weights(seed, version).normal(NAMES.size(), 0.3), NAMES.size(), 1)
        .node("/orders/root", "Sqrt", List.of(TENSOR), List.of("roots"))
        .node("/head", "MatMul", List.of("roots", "weights"), List.of("cost"))
        .output("cost", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\ninputs:\n  orders:\n    columns: [" + String.join(", ", NAMES) + "]\n");
  }
}
