package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.FLOAT16;
import static dev.faultline.graph.ElementType.INT64;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Forty numeric columns and six categories, each with a table of unit vectors, and two dense layers.
public final class Embeddings implements Family {
  public static final String NUMERIC = "numeric";
  public static final List<String> CATEGORIES = List.of("country_idx", "device_idx", "channel_idx", "plan_idx", "segment_idx", "merchant_idx");
  private static final int[] ROWS = {60, 12, 18, 15, 20, 300};
  private static final int COLUMNS = 40;
  private static final int WIDTH = 4;
  private static final int HIDDEN = 16;

  /// What a release may have wrong with one category's table.
  public enum Defect {
    NONE,
    /// The table ends at `row`.
    TABLE_CUT,
    /// The vector of `row` is nought, and has no direction.
    ROW_ZEROED,
    /// Every vector went through half precision after it had been multiplied by a hundred thousand.
    HALF_OVERFLOW
  }

  private final long seed;

  public Embeddings(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "embeddings";
  }

  public static int rows(int category) {
    return ROWS[category];
  }

  public static String node(int category, String step) {
    return "/" + CATEGORIES.get(category) + "/" + step;
  }

  public static String table(int category) {
    return CATEGORIES.get(category) + ".weight";
  }

  public static List<String> names() {
    return IntStream.range(0, COLUMNS).mapToObj(i -> "n" + i).toList();
  }

  @Override
  public Map<String, List<String>> columns() {
    return Map.of(NUMERIC, names());
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    double common = random.nextGaussian();
    double[] row = new double[COLUMNS];
    Arrays.setAll(row, _ -> 0.5 * common + 0.8 * random.nextGaussian());
    var inputs = new ArrayList<>(List.of(Input.floats(NUMERIC, List.of(1, COLUMNS), row)));
    for (int i = 0; i < CATEGORIES.size(); i++) {
      // the smaller an index, the more frequent; the last quarter of a table is there and nobody asks for it
      int index = (int) (common(i) * Math.pow(random.nextDouble(), 1.5));
      inputs.add(Input.ofLong(CATEGORIES.get(i), index));
    }
    return inputs;
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE, 0, 0);
  }

  public Release release(int version, Defect defect, int category, int row) {
    return new Release(String.valueOf(version), graph(version, defect, category, row), "checks: observe\noutputs:\n  score: {range: [0, 1]}\n");
  }

  private Graph graph(int version, Defect defect, int broken, int row) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("embeddings").input(NUMERIC, FLOAT, "batch", COLUMNS);
    var parts = new ArrayList<>(List.of(NUMERIC));
    for (int i = 0; i < CATEGORIES.size(); i++) {
      Defect own = i == broken ? defect : Defect.NONE;
      parts.add(embedded(graph, i, table(weights, i, own, row), own));
    }
    int wide = COLUMNS + WIDTH * CATEGORIES.size();
    return graph
        .initializer("dense.weight", weights.normal(wide * HIDDEN, 0.1), wide, HIDDEN)
        .initializer("dense.bias", weights.normal(HIDDEN, 0.1), HIDDEN)
        .initializer("head.weight", weights.normal(HIDDEN, 0.2), HIDDEN, 1)
        .initializer("head.bias", weights.normal(1, 0.1), 1)
        .node("/concat", "Concat", parts, List.of("wide"), Attribute.ofInt("axis", 1))
        .node("/dense", "Gemm", List.of("wide", "dense.weight", "dense.bias"), List.of("hidden"))
        .node("/relu", "Relu", List.of("hidden"), List.of("active"))
        .node("/head", "Gemm", List.of("active", "head.weight", "head.bias"), List.of("logit"))
        .node("/score", "Sigmoid", List.of("logit"), List.of("score"))
        .output("score", FLOAT, "batch", 1)
        .build();
  }

  private static float[] table(Weights weights, int category, Defect defect, int row) {
    float[] whole = weights.normal(ROWS[category] * WIDTH, 1);
    return switch (defect) {
      case NONE, HALF_OVERFLOW -> whole;
      case TABLE_CUT -> Arrays.copyOf(whole, row * WIDTH);
      case ROW_ZEROED -> {
        Arrays.fill(whole, row * WIDTH, (row + 1) * WIDTH, 0);
        yield whole;
      }
    };
  }

  private static String embedded(GraphBuilder graph, int category, float[] table, Defect defect) {
    String name = CATEGORIES.get(category);
    graph.input(name, INT64, "batch").initializer(table(category), table, table.length / WIDTH, WIDTH);
    graph.node(node(category, "gather"), "Gather", List.of(table(category), name), List.of(name + ".vector"));
    String vector = defect == Defect.HALF_OVERFLOW ? halved(graph, category) : name + ".vector";
    graph.node(node(category, "length"), "ReduceL2", List.of(vector), List.of(name + ".length"), Attribute.ofInts("axes", 1));
    graph.node(node(category, "unit"), "Div", List.of(vector, name + ".length"), List.of(name + ".unit"));
    return name + ".unit";
  }

  private static String halved(GraphBuilder graph, int category) {
    String name = CATEGORIES.get(category);
    graph.initializer(name + ".gain", new float[] {1e5f}, 1);
    graph.node(node(category, "gain"), "Mul", List.of(name + ".vector", name + ".gain"), List.of(name + ".loud"));
    graph.node(node(category, "half"), "Cast", List.of(name + ".loud"), List.of(name + ".half"), Attribute.ofType("to", FLOAT16));
    graph.node(node(category, "whole"), "Cast", List.of(name + ".half"), List.of(name + ".whole"), Attribute.ofType("to", FLOAT));
    return name + ".whole";
  }

  /// How many rows of a category's table are asked for in sound traffic.
  private static int common(int category) {
    return ROWS[category] * 3 / 4;
  }

  /// A row that sound traffic does not ask for.
  public static int rareRow(int category, SplittableRandom random) {
    return common(category) + random.nextInt(ROWS[category] - common(category));
  }
}
