package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Twenty columns, standardised, and a logistic regression. The columns follow four hidden factors, so that each has relatives.
public final class Logistic implements Family {
  public static final String TENSOR = "features";
  static final int COLUMNS = 20;
  private static final int FACTORS = 4;
  private static final List<String> NAMES = List.of(
      "age", "income", "tenure", "balance", "limit", "utilisation", "payments", "inquiries", "defaults", "accounts",
      "distance", "duration", "temperature", "pressure", "humidity", "velocity", "weight", "height", "visits", "refunds");

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// Mean and deviation changed places in the scaler.
    SCALER_SWAPPED,
    /// The deviation of one column is a billionth of what it should be.
    DEVIATION_LOST,
    /// The same, but in the scaling step of the contract instead of the graph.
    STEP_DEVIATION_LOST
  }

  /// Where the scaling is done.
  public enum Scaling {
    IN_GRAPH,
    IN_STEP
  }

  private final long seed;
  private final Scaling scaling;
  private final String rules;
  private final double[] means = new double[COLUMNS];
  private final double[] deviations = new double[COLUMNS];

  public Logistic(long seed) {
    this(seed, Scaling.IN_GRAPH, "");
  }

  /// @param rules lines of the contract about the input, indented by four
  public Logistic(long seed, Scaling scaling, String rules) {
    this.seed = seed;
    this.scaling = scaling;
    this.rules = rules;
    var random = new SplittableRandom(seed);
    for (int i = 0; i < COLUMNS; i++) {
      // half of the columns are centred already, which is what makes swapped statistics show
      means[i] = i % 2 == 0 ? 20 + random.nextInt(60) : 0.02 + 0.01 * random.nextInt(5);
      deviations[i] = i % 2 == 0 ? 3 + random.nextInt(8) : 1 + random.nextInt(4);
    }
  }

  @Override
  public String name() {
    return "logistic";
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
    double[] factors = new double[FACTORS];
    Arrays.setAll(factors, _ -> random.nextGaussian());
    double[] row = new double[COLUMNS];
    Arrays.setAll(row, i -> means[i] + deviations[i] * (0.6 * factors[i % FACTORS] + 0.8 * random.nextGaussian()));
    return List.of(Input.floats(TENSOR, List.of(1, COLUMNS), row));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE, 0);
  }

  public Release release(int version, Defect defect, int column) {
    double[] mean = means.clone();
    double[] deviation = deviations.clone();
    switch (defect) {
      case NONE -> {}
      case SCALER_SWAPPED -> {
        System.arraycopy(deviations, 0, mean, 0, COLUMNS);
        System.arraycopy(means, 0, deviation, 0, COLUMNS);
      }
      case DEVIATION_LOST, STEP_DEVIATION_LOST -> deviation[column] *= 1e-9;
    }
    return switch (scaling) {
      case IN_GRAPH -> new Release(String.valueOf(version), graph(version, mean, deviation), contract(""));
      case IN_STEP -> new Release(String.valueOf(version), graph(version, new double[0], new double[0]), contract(step(mean, deviation)));
    };
  }

  private Graph graph(int version, double[] mean, double[] deviation) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("logistic").input(TENSOR, FLOAT, "batch", COLUMNS);
    String scaled = TENSOR;
    if (mean.length > 0) {
      graph.initializer("mean", Weights.floats(mean), COLUMNS).initializer("std", Weights.floats(deviation), COLUMNS);
      graph.node("/scale/center", "Sub", List.of(TENSOR, "mean"), List.of("centred"));
      graph.node("/scale/divide", "Div", List.of("centred", "std"), List.of("scaled"));
      scaled = "scaled";
    }
    return graph
        .initializer("weights", signed(weights.normal(COLUMNS, 0.02)), COLUMNS, 1)
        .initializer("bias", weights.normal(1, 0.05), 1)
        .node("/logit/multiply", "MatMul", List.of(scaled, "weights"), List.of("product"))
        .node("/logit/add", "Add", List.of("product", "bias"), List.of("logit"))
        .node("/score", "Sigmoid", List.of("logit"), List.of("score"))
        .output("score", FLOAT, "batch", 1)
        .build();
  }

  /// A quarter up or down, so that every column can be heard.
  private static float[] signed(float[] around) {
    for (int i = 0; i < around.length; i++) {
      around[i] += i % 3 == 0 ? -0.25f : 0.25f;
    }
    return around;
  }

  private String contract(String steps) {
    return "checks: observe\ninputs:\n  features:\n    columns: [" + String.join(", ", NAMES) + "]\n" + rules + steps
        + "outputs:\n  score: {range: [0.00001, 0.99999]}\n";
  }

  private static String step(double[] mean, double[] deviation) {
    return "preprocess:\n  - {name: scale_features, step: scale, input: features, mean: " + list(mean) + ", std: " + list(deviation) + "}\n";
  }

  private static String list(double[] values) {
    return Arrays.stream(values).mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
