package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// A signal of any length, a convolution of width 5, and four classes.
public final class Signal implements Family {
  public static final String TENSOR = "signal";
  public static final int KERNEL = 5;
  private static final int CHANNELS = 8;
  private static final int CLASSES = 4;

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// The softmax runs along the batch, so that each class of a lone row is certain.
    SOFTMAX_AXIS,
    /// One weight of the convolution is not a number.
    WEIGHT_NAN
  }

  private final long seed;

  public Signal(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "signal";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    return List.of(of(random, 16 + random.nextInt(48)));
  }

  public static Input of(RandomGenerator random, int length) {
    double[] values = new double[length];
    double phase = random.nextDouble(6);
    Arrays.setAll(values, i -> Math.rint(1000 * (Math.sin(phase + i * 0.3) + 0.2 * random.nextGaussian())) / 1000);
    return Input.floats(TENSOR, List.of(1, 1, length), values);
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    float[] kernel = weights.normal(CHANNELS * KERNEL, 0.4);
    if (defect == Defect.WEIGHT_NAN) {
      kernel[(int) (seed & 31)] = Float.NaN;
    }
    GraphBuilder graph = GraphBuilder.named("signal")
        .input(TENSOR, FLOAT, "batch", 1, "length")
        .initializer("conv.weight", kernel, CHANNELS, 1, KERNEL)
        .initializer("conv.bias", weights.normal(CHANNELS, 0.1), CHANNELS)
        .initializer("head.weight", weights.normal(CHANNELS * CLASSES, 0.5), CHANNELS, CLASSES)
        .initializer("head.bias", weights.normal(CLASSES, 0.1), CLASSES)
        .node("/conv", "Conv", List.of(TENSOR, "conv.weight", "conv.bias"), List.of("maps"), Attribute.ofInts("kernel_shape", KERNEL))
        .node("/relu", "Relu", List.of("maps"), List.of("active"))
        .node("/pool", "GlobalAveragePool", List.of("active"), List.of("pooled"))
        .node("/flatten", "Flatten", List.of("pooled"), List.of("flat"))
        .node("/head", "Gemm", List.of("flat", "head.weight", "head.bias"), List.of("logits"))
        .node("/softmax", "Softmax", List.of("logits"), List.of("probabilities"), Attribute.ofInt("axis", defect == Defect.SOFTMAX_AXIS ? 0 : 1))
        .output("probabilities", FLOAT, "batch", CLASSES);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  probabilities: {range: [0, 1], sum: {total: 1, tolerance: 0.001}}\n");
  }
}
