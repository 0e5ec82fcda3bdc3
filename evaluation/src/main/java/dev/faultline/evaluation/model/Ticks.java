package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Prices in a row: a Scan whose body takes logarithms and forgets by a factor. Held out.
public final class Ticks implements Family {
  public static final String TENSOR = "ticks";
  private static final int LENGTH_MIN = 20;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// The state grows instead of being forgotten.
    NOTHING_FORGOTTEN
  }

  private final long seed;

  public Ticks(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "ticks";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double[] values = new double[LENGTH_MIN + random.nextInt(30)];
    double level = 50 + random.nextInt(100);
    Arrays.setAll(values, _ -> Math.rint(100 * level * Math.exp(0.1 * random.nextGaussian())) / 100);
    return List.of(Input.floats(TENSOR, List.of(values.length, 1), values));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    float kept = defect == Defect.NOTHING_FORGOTTEN ? 1.9f : 0.8f;
    GraphBuilder body = GraphBuilder.named("body")
        .input("state", FLOAT, 1)
        .input("tick", FLOAT, 1)
        .initializer("kept", new float[] {kept + 1e-4f * version}, 1)
        .node("/sweep/log", "Log", List.of("tick"), List.of("level"))
        .node("/sweep/forget", "Mul", List.of("state", "kept"), List.of("rest"))
        .node("/sweep/add", "Add", List.of("rest", "level"), List.of("next"))
        .node("/sweep/show", "Identity", List.of("next"), List.of("shown"))
        .output("next", FLOAT, 1)
        .output("shown", FLOAT, 1);
    GraphBuilder graph = GraphBuilder.named("ticks")
        .input(TENSOR, FLOAT, "length", 1)
        .initializer("start", new float[] {0}, 1)
        .initializer("gain", weights.normal(1, 0.2), 1)
        .node("/sweep", "Scan", List.of("start", TENSOR), List.of("last", "levels"), Attribute.ofBody("body", body), Attribute.ofInt("num_scan_inputs", 1))
        .node("/gain", "Mul", List.of("levels", "gain"), List.of("trend"))
        .output("trend", FLOAT, "length", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  trend: {range: [-1000, 1000]}\n");
  }
}
