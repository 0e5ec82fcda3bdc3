package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Whole numbers and a text: an account that a step casts to 32 bits, a city that a step looks up, and a number of members that the
/// graph divides by.
public final class Accounts implements Family {
  public static final List<String> CITIES =
      List.of("Göteborg", "Zürich", "München", "Málaga", "Kraków", "Aarhus", "Porto", "Leeds", "Gent", "Bern", "Łódź", "Turin");
  private static final int BUCKETS = 16;
  private static final int WIDTH = 3;

  private final long seed;
  private final String moreSteps;

  public Accounts(long seed) {
    this(seed, "");
  }

  /// @param moreSteps lines of the contract's preprocessing, indented by two
  public Accounts(long seed, String moreSteps) {
    this.seed = seed;
    this.moreSteps = moreSteps;
  }

  @Override
  public String name() {
    return "accounts";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    return List.of(
        Input.ofLong("account", 1_000_000 + random.nextInt(900_000_000)),
        Input.ofText("city", CITIES.get(random.nextInt(CITIES.size()))),
        Input.ofLong("members", 1 + random.nextInt(9)),
        Input.ofLong("spent", random.nextInt(10_000)),
        Input.floats("rating", List.of(1), Math.rint(50 * random.nextDouble()) / 10));
  }

  @Override
  public Release sound(int version) {
    var weights = new Weights(seed, version);
    GraphBuilder graph = GraphBuilder.named("accounts")
        .input("account", INT32, "batch")
        .input("city", INT64, "batch")
        .input("members", INT64, "batch")
        .input("spent", INT64, "batch")
        .input("rating", FLOAT, "batch")
        .initializer("buckets", new int[] {BUCKETS}, 1)
        .initializer("bucket.weight", weights.normal(BUCKETS * WIDTH, 1), BUCKETS, WIDTH)
        .initializer("city.weight", weights.normal(CITIES.size() * WIDTH, 1), CITIES.size(), WIDTH)
        .initializer("head.weight", weights.normal(2 * WIDTH + 2, 0.1), 2 * WIDTH + 2, 1)
        .initializer("column", new long[] {-1, 1}, 2)
        .initializer("scale", new float[] {1e-3f}, 1)
        .node("/account/bucket", "Mod", List.of("account", "buckets"), List.of("bucket"))
        .node("/account/gather", "Gather", List.of("bucket.weight", "bucket"), List.of("bucket.vector"))
        .node("/city/gather", "Gather", List.of("city.weight", "city"), List.of("city.vector"))
        .node("/share/divide", "Div", List.of("spent", "members"), List.of("share"))
        .node("/share/cast", "Cast", List.of("share"), List.of("share.float"), Attribute.ofType("to", FLOAT))
        .node("/share/scale", "Mul", List.of("share.float", "scale"), List.of("share.scaled"))
        .node("/share/column", "Reshape", List.of("share.scaled", "column"), List.of("share.column"))
        .node("/rating/column", "Reshape", List.of("rating", "column"), List.of("rating.column"))
        .node("/concat", "Concat", List.of("bucket.vector", "city.vector", "share.column", "rating.column"), List.of("wide"), Attribute.ofInt("axis", 1))
        .node("/head", "MatMul", List.of("wide", "head.weight"), List.of("logit"))
        .node("/score", "Sigmoid", List.of("logit"), List.of("score"))
        .output("score", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(), contract());
  }

  private String contract() {
    String table = IntStream.range(0, CITIES.size()).mapToObj(i -> CITIES.get(i) + ": " + i).collect(Collectors.joining(", ", "{", "}"));
    return "inputs:\n  account: {datatype: INT64, shape: [batch]}\n  city: {datatype: BYTES, shape: [batch]}\npreprocess:\n"
        + "  - {name: account_to_int32, step: cast, input: account, to: INT32}\n"
        + "  - {name: city_index, step: lookup, input: city, table: " + table + "}\n" + moreSteps;
  }
}
