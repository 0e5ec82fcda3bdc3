package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// A picture of 3 x 32 x 32, two convolutions, and three classes. One channel is dead, as happens, and only the epsilon of the batch
/// normalisation keeps it from dividing by nought.
public final class Picture implements Family {
  public static final String TENSOR = "pixels";
  private static final int SIDE = 32;
  private static final int MAPS = 6;
  private static final int CLASSES = 3;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// The epsilon of the batch normalisation is nought.
    EPSILON_ZERO
  }

  private final long seed;

  public Picture(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "picture";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double[] pixels = new double[3 * SIDE * SIDE];
    double light = random.nextDouble();
    Arrays.setAll(pixels, i -> Math.rint(100 * (0.5 * light + 0.5 * random.nextDouble())) / 100);
    return List.of(Input.floats(TENSOR, List.of(1, 3, SIDE, SIDE), pixels));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    float[] kernel = weights.normal(MAPS * 27, 0.3);
    Arrays.fill(kernel, 0, 27, 0);
    float[] variance = Weights.all(MAPS, 1);
    variance[0] = 0;
    GraphBuilder graph = GraphBuilder.named("picture")
        .input(TENSOR, FLOAT, "batch", 3, SIDE, SIDE)
        .initializer("conv.weight", kernel, MAPS, 3, 3, 3)
        .initializer("norm.gain", Weights.all(MAPS, 1), MAPS)
        .initializer("norm.shift", Weights.all(MAPS, 0), MAPS)
        .initializer("norm.mean", Weights.all(MAPS, 0), MAPS)
        .initializer("norm.variance", variance, MAPS)
        .initializer("conv2.weight", weights.normal(MAPS * MAPS * 9, 0.2), MAPS, MAPS, 3, 3)
        .initializer("head.weight", weights.normal(MAPS * CLASSES, 0.5), MAPS, CLASSES)
        .initializer("head.bias", weights.normal(CLASSES, 0.1), CLASSES)
        .node("/conv", "Conv", List.of(TENSOR, "conv.weight"), List.of("maps"), Attribute.ofInts("kernel_shape", 3, 3))
        .node("/norm", "BatchNormalization", List.of("maps", "norm.gain", "norm.shift", "norm.mean", "norm.variance"), List.of("normal"),
            Attribute.ofFloat("epsilon", defect == Defect.EPSILON_ZERO ? 0 : 1e-5f))
        .node("/relu", "Relu", List.of("normal"), List.of("active"))
        .node("/pool", "MaxPool", List.of("active"), List.of("small"), Attribute.ofInts("kernel_shape", 2, 2), Attribute.ofInts("strides", 2, 2))
        .node("/conv2", "Conv", List.of("small", "conv2.weight"), List.of("maps2"), Attribute.ofInts("kernel_shape", 3, 3))
        .node("/relu2", "Relu", List.of("maps2"), List.of("active2"))
        .node("/mean", "GlobalAveragePool", List.of("active2"), List.of("means"))
        .node("/flatten", "Flatten", List.of("means"), List.of("flat"))
        .node("/head", "Gemm", List.of("flat", "head.weight", "head.bias"), List.of("logits"))
        .node("/softmax", "Softmax", List.of("logits"), List.of("probabilities"), Attribute.ofInt("axis", 1))
        .output("probabilities", FLOAT, "batch", CLASSES);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  probabilities: {range: [0, 1], sum: {total: 1, tolerance: 0.001}}\n");
  }
}
