package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Sixteen numbers through a layer whose inputs and weights are whole numbers with a scale. Held out.
public final class Quantised implements Family {
  public static final String TENSOR = "sensors";
  private static final int WIDTH = 16;
  private static final int HIDDEN = 8;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// The scale of the weights is that of another layer.
    SCALE_MIXED_UP
  }

  private final long seed;

  public Quantised(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "quantised";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double[] row = new double[WIDTH];
    Arrays.setAll(row, _ -> Math.rint(1000 * random.nextDouble()) / 1000);
    return List.of(Input.floats(TENSOR, List.of(1, WIDTH), row));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("quantised")
        .input(TENSOR, FLOAT, "batch", WIDTH)
        .initializer("sensors.scale", new float[] {1 / 255f})
        .initializer("dense.quantised", whole(weights.normal(WIDTH * HIDDEN, 40)), WIDTH, HIDDEN)
        .initializer("dense.scale", new float[] {defect == Defect.SCALE_MIXED_UP ? 2.5f : 0.005f})
        .initializer("dense.bias", weights.normal(HIDDEN, 0.1), HIDDEN)
        .initializer("head.weight", weights.normal(HIDDEN, 0.4), HIDDEN, 1)
        .node("/sensors/quantise", "QuantizeLinear", List.of(TENSOR, "sensors.scale"), List.of("sensors.whole"))
        .node("/sensors/back", "DequantizeLinear", List.of("sensors.whole", "sensors.scale"), List.of("sensors.rounded"))
        .node("/dense/weights", "DequantizeLinear", List.of("dense.quantised", "dense.scale"), List.of("dense.weight"))
        .node("/dense/multiply", "MatMul", List.of("sensors.rounded", "dense.weight"), List.of("product"))
        .node("/dense/add", "Add", List.of("product", "dense.bias"), List.of("hidden"))
        .node("/dense/tanh", "LeakyRelu", List.of("hidden"), List.of("active"))
        .node("/head", "MatMul", List.of("active", "head.weight"), List.of("wear"))
        .output("wear", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  wear: {range: [-10, 10]}\n");
  }

  private static int[] whole(float[] values) {
    int[] rounded = new int[values.length];
    Arrays.setAll(rounded, i -> Math.max(-127, Math.min(127, Math.round(values[i]))));
    return rounded;
  }
}
