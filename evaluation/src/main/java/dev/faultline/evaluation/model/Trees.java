package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// An ensemble of thirty stumps over ten columns (`ai.onnx.ml`). Each column has one stump that an outlier of the training data left
/// behind: beyond 500 it adds a hundred.
public final class Trees implements Family {
  public static final String TENSOR = "readings";
  private static final int COLUMNS = 10;
  private static final double OUTLIER = 500;
  private static final List<String> NAMES =
      List.of("heart_rate", "systolic", "diastolic", "glucose", "oxygen", "weight_kg", "height_cm", "age_years", "steps_k", "sleep_h");

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// A leaf that every row reaches adds a thousand.
    LEAF_LOST
  }

  private final long seed;

  public Trees(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "trees";
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
    double common = random.nextGaussian();
    double[] row = new double[COLUMNS];
    Arrays.setAll(row, i -> Math.rint(10 * (60 + 5 * i + 8 * (0.5 * common + random.nextGaussian()))) / 10);
    return List.of(Input.floats(TENSOR, List.of(1, COLUMNS), row));
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    float[] leaves = new Weights(seed, version).normal(6 * COLUMNS, 0.2);
    var stumps = new Stumps();
    for (int i = 0; i < 2 * COLUMNS; i++) {
      int column = i % COLUMNS;
      stumps.add(column, 60 + 5f * column + (i < COLUMNS ? -4 : 4), leaves[2 * i], leaves[2 * i + 1]);
    }
    for (int column = 0; column < COLUMNS; column++) {
      stumps.add(column, (float) OUTLIER, 0, 100);
    }
    if (defect == Defect.LEAF_LOST) {
      stumps.add(0, 1e6f, 1000, 1000);
    }
    GraphBuilder graph = GraphBuilder.named("trees")
        .input(TENSOR, FLOAT, "batch", COLUMNS)
        .mlNode("/ensemble", "TreeEnsembleRegressor", List.of(TENSOR), List.of("risk"), stumps.attributes())
        .output("risk", FLOAT, "batch", 1);
    return new Release(String.valueOf(version), graph.build(),
        "checks: observe\ninputs:\n  readings:\n    columns: [" + String.join(", ", NAMES) + "]\noutputs:\n  risk: {range: [-50, 50]}\n");
  }

  /// Trees of one question, in the attributes of the operator: root 0, leaves 1 (at most the threshold) and 2.
  private static final class Stumps {
    private final List<Long> trees = new ArrayList<>();
    private final List<Long> features = new ArrayList<>();
    private final List<Float> thresholds = new ArrayList<>();
    private final List<Float> leaves = new ArrayList<>();

    void add(int column, float threshold, float below, float above) {
      trees.add((long) trees.size());
      features.add((long) column);
      thresholds.add(threshold);
      leaves.add(below);
      leaves.add(above);
    }

    Attribute[] attributes() {
      int n = trees.size();
      return new Attribute[] {
        Attribute.ofInt("n_targets", 1),
        Attribute.ofInts("nodes_treeids", each(3, i -> i)),
        Attribute.ofInts("nodes_nodeids", byNode(0, 1, 2)),
        Attribute.ofInts("nodes_featureids", rootOnly(features)),
        Attribute.ofFloats("nodes_values", rootValues()),
        Attribute.ofStrings("nodes_modes", modes(n)),
        Attribute.ofInts("nodes_truenodeids", byNode(1, 0, 0)),
        Attribute.ofInts("nodes_falsenodeids", byNode(2, 0, 0)),
        Attribute.ofInts("target_treeids", each(2, i -> i)),
        Attribute.ofInts("target_nodeids", each(2, (i, k) -> k + 1)),
        Attribute.ofInts("target_ids", new long[2 * n]),
        Attribute.ofFloats("target_weights", leafWeights())
      };
    }

    private interface OfTree {
      long at(int tree);
    }

    private interface OfPlace {
      long at(int tree, int place);
    }

    private long[] each(int places, OfTree value) {
      return each(places, (tree, _) -> value.at(tree));
    }

    private long[] each(int places, OfPlace value) {
      long[] all = new long[places * trees.size()];
      Arrays.setAll(all, i -> value.at(i / places, i % places));
      return all;
    }

    private long[] byNode(long... values) {
      return each(values.length, (_, place) -> values[place]);
    }

    private long[] rootOnly(List<Long> values) {
      return each(3, (tree, place) -> place == 0 ? values.get(tree) : 0);
    }

    private float[] rootValues() {
      float[] all = new float[3 * trees.size()];
      for (int i = 0; i < trees.size(); i++) {
        all[3 * i] = thresholds.get(i);
      }
      return all;
    }

    private static List<String> modes(int trees) {
      var modes = new ArrayList<String>();
      Collections.nCopies(trees, List.of("BRANCH_LEQ", "LEAF", "LEAF")).forEach(modes::addAll);
      return modes;
    }

    private float[] leafWeights() {
      float[] all = new float[leaves.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = leaves.get(i);
      }
      return all;
    }
  }
}
