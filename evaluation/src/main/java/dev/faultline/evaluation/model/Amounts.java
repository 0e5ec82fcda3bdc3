package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.DOUBLE;
import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Twelve amounts whose logarithm is taken, and the time since an event, from two clocks in milliseconds. Nothing refuses a negative.
public final class Amounts implements Family {
  public static final String TENSOR = "amounts";
  private static final List<String> NAMES =
      List.of("price", "shipping", "tax", "discount", "refund", "deposit", "fee", "tip", "credit", "debit", "interest", "penalty");
  private static final double NOW_MILLIS = 1.76e12;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// Times become single precision before they are subtracted, and lose their last two minutes.
    CAST_TOO_EARLY,
    /// The logarithm of the amounts is taken without adding one first.
    OFFSET_LOST
  }

  private final long seed;

  public Amounts(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "amounts";
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
    double level = Math.exp(random.nextGaussian());
    double[] row = new double[NAMES.size()];
    Arrays.setAll(row, _ -> Math.rint(100 * level * Math.exp(0.5 * random.nextGaussian())) / 100 + 0.01);
    double now = NOW_MILLIS + random.nextInt(100_000_000);
    return List.of(
        Input.floats(TENSOR, List.of(1, NAMES.size()), row),
        Input.doubles("event_ms", List.of(1, 1), now - 2_000 - random.nextInt(20_000)),
        Input.doubles("now_ms", List.of(1, 1), now));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    int columns = NAMES.size();
    GraphBuilder graph = GraphBuilder.named("amounts")
        .input(TENSOR, FLOAT, "batch", columns)
        .input("event_ms", DOUBLE, "batch", 1)
        .input("now_ms", DOUBLE, "batch", 1)
        .initializer("offset", new float[] {defect == Defect.OFFSET_LOST ? 0 : 1}, 1)
        .initializer("weights", weights.normal(columns + 1, 0.1), columns + 1, 1)
        .node("/amounts/offset", "Add", List.of(TENSOR, "offset"), List.of("shifted"))
        .node("/amounts/log", "Log", List.of("shifted"), List.of("amounts.log"));
    age(graph, defect == Defect.CAST_TOO_EARLY);
    graph
        .node("/age/log", "Log", List.of("age"), List.of("age.log"))
        .node("/concat", "Concat", List.of("amounts.log", "age.log"), List.of("wide"), Attribute.ofInt("axis", 1))
        .node("/dense", "MatMul", List.of("wide", "weights"), List.of("score"))
        .output("score", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\ninputs:\n  amounts:\n    columns: [" + String.join(", ", NAMES) + "]\n");
  }

  private static void age(GraphBuilder graph, boolean early) {
    if (early) {
      graph.node("/age/event", "Cast", List.of("event_ms"), List.of("event"), Attribute.ofType("to", FLOAT));
      graph.node("/age/now", "Cast", List.of("now_ms"), List.of("now"), Attribute.ofType("to", FLOAT));
      graph.node("/age/subtract", "Sub", List.of("now", "event"), List.of("age"));
    } else {
      graph.node("/age/subtract", "Sub", List.of("now_ms", "event_ms"), List.of("age_ms"));
      graph.node("/age/cast", "Cast", List.of("age_ms"), List.of("age"), Attribute.ofType("to", FLOAT));
    }
  }
}
