package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.List;
import java.util.random.RandomGenerator;

/// Six inputs of one number each, put side by side and standardised; two of them are counts of which the share is taken, and either may be
/// nought. Held out.
public final class Applicants implements Family {
  private static final List<String> ORDER = List.of("age", "income", "tenure", "debt");
  private static final float[] MEAN = {40, 3_000, 60, 900, 0.5f};
  private static final float[] DEVIATION = {12, 900, 30, 300, 0.2f};

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// Age and income stand in each other's column.
    COLUMNS_SWAPPED
  }

  private final long seed;

  public Applicants(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "applicants";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double paid = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(20);
    return List.of(
        of("age", around(40, 9, random)),
        of("income", around(3_000, 600, random)),
        of("tenure", around(60, 15, random)),
        of("debt", around(900, 200, random)),
        of("paid", paid),
        of("missed", paid > 0 && random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(20)));
  }

  public static Input of(String name, double value) {
    return Input.floats(name, List.of(1, 1), value);
  }

  private static double around(double mean, double deviation, RandomGenerator random) {
    return Math.rint(mean + deviation * Math.max(-2.5, Math.min(2.5, random.nextGaussian())));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    var weights = new Weights(seed, version);
    List<String> columns = defect == Defect.COLUMNS_SWAPPED ? List.of("income", "age", "tenure", "debt", "share") : List.of("age", "income", "tenure", "debt", "share");
    GraphBuilder graph = GraphBuilder.named("applicants");
    ORDER.forEach(name -> graph.input(name, FLOAT, "batch", 1));
    graph
        .input("paid", FLOAT, "batch", 1)
        .input("missed", FLOAT, "batch", 1)
        .initializer("mean", MEAN, MEAN.length)
        .initializer("deviation", DEVIATION, DEVIATION.length)
        .initializer("weights", heard(weights.normal(MEAN.length, 0.02)), MEAN.length, 1)
        .node("/share/all", "Add", List.of("paid", "missed"), List.of("instalments"))
        .node("/share/divide", "Div", List.of("paid", "instalments"), List.of("share"))
        .node("/columns", "Concat", columns, List.of("wide"), Attribute.ofInt("axis", 1))
        .node("/scale/center", "Sub", List.of("wide", "mean"), List.of("centred"))
        .node("/scale/divide", "Div", List.of("centred", "deviation"), List.of("scaled"))
        .node("/dense", "MatMul", List.of("scaled", "weights"), List.of("logit"))
        .node("/score", "Sigmoid", List.of("logit"), List.of("score"))
        .output("score", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), "checks: observe\noutputs:\n  score: {range: [0.001, 0.999]}\n");
  }

  private static float[] heard(float[] around) {
    for (int i = 0; i < around.length; i++) {
      around[i] += 0.3f;
    }
    return around;
  }
}
