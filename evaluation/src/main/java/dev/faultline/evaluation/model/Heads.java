package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One trunk and three outputs: shares of classes, the winner, and an amount. Held out.
public final class Heads implements Family {
  public static final String TENSOR = "record";
  private static final List<String> NAMES = List.of("rooms", "area", "floor", "built", "distance", "rent", "noise", "light");
  private static final int HIDDEN = 12;
  private static final int CLASSES = 4;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// One number of the amount's layer is not a number; the classes are as good as ever.
    AMOUNT_NAN
  }

  private final long seed;

  public Heads(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "heads";
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
    double[] row = new double[NAMES.size()];
    Arrays.setAll(row, _ -> Math.rint(100 * (3 + random.nextGaussian())) / 100);
    return List.of(Input.floats(TENSOR, List.of(1, NAMES.size()), row));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    float[] amount = weights.normal(HIDDEN, 0.1);
    if (defect == Defect.AMOUNT_NAN) {
      amount[Math.floorMod(seed, HIDDEN)] = Float.NaN;
    }
    GraphBuilder graph = GraphBuilder.named("heads")
        .input(TENSOR, FLOAT, "batch", NAMES.size())
        // positive on the whole: every column makes the amount larger
        .initializer("trunk.weight", positive(weights.normal(NAMES.size() * HIDDEN, 0.05)), NAMES.size(), HIDDEN)
        .initializer("class.weight", weights.normal(HIDDEN * CLASSES, 0.5), HIDDEN, CLASSES)
        .initializer("amount.weight", positive(amount), HIDDEN, 1)
        .node("/trunk", "MatMul", List.of(TENSOR, "trunk.weight"), List.of("mixed"))
        .node("/trunk/relu", "Relu", List.of("mixed"), List.of("hidden"))
        .node("/class/dense", "MatMul", List.of("hidden", "class.weight"), List.of("logits"))
        .node("/class/softmax", "Softmax", List.of("logits"), List.of("shares"), Attribute.ofInt("axis", 1))
        .node("/class/winner", "ArgMax", List.of("shares"), List.of("winner"), Attribute.ofInt("axis", 1), Attribute.ofInt("keepdims", 0))
        .node("/amount/dense", "MatMul", List.of("hidden", "amount.weight"), List.of("amount.log"))
        .node("/amount/exp", "Exp", List.of("amount.log"), List.of("amount"))
        .output("shares", FLOAT, "batch", CLASSES)
        .output("winner", INT64, "batch")
        .output("amount", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\ninputs:\n  record:\n    columns: [" + String.join(", ", NAMES) + "]\n");
  }

  private static float[] positive(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]) + 0.01f;
    }
    return values;
  }
}
