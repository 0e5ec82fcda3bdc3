package dev.faultline.example.birdstrikes;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static dev.faultline.graph.ElementType.STRING;

import dev.faultline.graph.Attribute;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// Writes a trained model as an ONNX graph that takes the columns as they are: one named input a column, one named node a step.
///
/// Node names are paths, `/<column>/<step>`, so that a fault can say where in the preprocessing it arose.
final class GraphFromModel {

  private static final String SPEED = BirdstrikeRow.SPEED_INPUT;

  private final DamageModel model;
  private final Features features;
  private final GraphBuilder graph = GraphBuilder.named("birdstrike-damage");
  private final List<String> blocks = new ArrayList<>();

  private GraphFromModel(DamageModel model) {
    this.model = model;
    this.features = model.features();
  }

  /// @param notes what the model says about itself, key by key
  static Graph of(DamageModel model, List<Note> notes) {
    return new GraphFromModel(model).write(notes);
  }

  /// A line of the model's metadata.
  record Note(String key, String value) {}

  private Graph write(List<Note> notes) {
    graph.producer("faultline-example-birdstrikes", features.release().version());
    notes.forEach(note -> graph.metadata(note.key(), note.value()));
    speed(features.speed());
    graph.initializer("one_hot.off_on", new float[] {0, 1}, 2);
    features.vocabularies().forEach(this::category);
    classifier();
    return graph.build();
  }

  private void speed(SpeedScale scale) {
    graph.input(SPEED, FLOAT, "batch", 1);
    isMissing();
    graph.node("/speed/missing_flag", "Cast", List.of("speed.is_missing"), List.of("speed.flag"), Attribute.ofType("to", FLOAT));
    graph.initializer("speed.median", new float[] {(float) scale.median()}, 1);
    graph.node("/speed/impute", "Where", List.of("speed.is_missing", "speed.median", SPEED), List.of("speed.imputed"));
    graph.mlNode(
        "/speed/standardize",
        "Scaler",
        List.of(curved(scale)),
        List.of("speed.standardized"),
        Attribute.ofFloats("offset", (float) scale.mean()),
        Attribute.ofFloats("scale", (float) (1 / scale.deviation())));
    blocks.addAll(List.of("speed.flag", "speed.standardized"));
  }

  /// The one node that version 2 gets wrong.
  private void isMissing() {
    switch (features.release().blank()) {
      case NAN -> graph.node("/speed/is_missing", "IsNaN", List.of(SPEED), List.of("speed.is_missing"));
      case MINUS_ONE -> {
        graph.initializer("speed.zero", new float[] {0}, 1);
        graph.node("/speed/is_missing", "Less", List.of(SPEED, "speed.zero"), List.of("speed.is_missing"));
      }
    }
  }

  private String curved(SpeedScale scale) {
    return switch (scale.curve()) {
      case LINEAR -> "speed.imputed";
      case LOG -> {
        graph.initializer("speed.one", new float[] {1}, 1);
        graph.node("/speed/plus_one", "Add", List.of("speed.imputed", "speed.one"), List.of("speed.plus_one"));
        graph.node("/speed/log", "Log", List.of("speed.plus_one"), List.of("speed.log"));
        yield "speed.log";
      }
    };
  }

  private void category(Vocabulary vocabulary) {
    Category category = vocabulary.category();
    String name = category.input();
    graph.input(name, category.isNumber() ? INT64 : STRING, "batch", 1);
    graph.mlNode(
        "/" + name + "/index",
        "LabelEncoder",
        List.of(name),
        List.of(name + ".index"),
        keys(vocabulary),
        Attribute.ofInts("values_int64s", LongStream.range(0, vocabulary.other()).toArray()),
        Attribute.ofInt("default_int64", vocabulary.other()));
    graph.initializer(name + ".size", new long[] {vocabulary.size()});
    graph.node("/" + name + "/encode", "OneHot", List.of(name + ".index", name + ".size", "one_hot.off_on"), List.of(name + ".one_hot"));
    graph.node("/" + name + "/flatten", "Flatten", List.of(name + ".one_hot"), List.of(name + ".encoded"));
    blocks.add(name + ".encoded");
  }

  private static Attribute keys(Vocabulary vocabulary) {
    return vocabulary.category().isNumber()
        ? Attribute.ofInts("keys_int64s", vocabulary.known().stream().mapToLong(Long::parseLong).toArray())
        : Attribute.ofStrings("keys_strings", vocabulary.known());
  }

  private void classifier() {
    graph.node("/concat", "Concat", blocks, List.of("features"), Attribute.ofInt("axis", 1));
    graph.initializer("weights", twoSided(model.weights()), features.size(), 2);
    graph.initializer("bias", twoSided(new double[] {model.bias()}), 2);
    graph.node("/logits", "Gemm", List.of("features", "weights", "bias"), List.of("logits"));
    graph.node("/softmax", "Softmax", List.of("logits"), List.of("probability"), Attribute.ofInt("axis", 1));
    graph.node(
        "/argmax",
        "ArgMax",
        List.of("probability"),
        List.of("damage.index"),
        Attribute.ofInt("axis", 1),
        Attribute.ofInt("keepdims", 0));
    graph.mlNode(
        "/label",
        "LabelEncoder",
        List.of("damage.index"),
        List.of("damage"),
        Attribute.ofInts("keys_int64s", 0, 1),
        Attribute.ofStrings("values_strings", List.of(DamageModel.NONE.getLabel(), DamageModel.DAMAGE.getLabel())),
        Attribute.ofString("default_string", "?"));
    graph.output("damage", STRING, "batch");
    graph.output("probability", FLOAT, "batch", 2);
  }

  /// Half of the log-odds against and half for: the softmax of the two is the logistic function.
  private static float[] twoSided(double[] logOdds) {
    float[] sides = new float[2 * logOdds.length];
    for (int i = 0; i < logOdds.length; i++) {
      sides[2 * i] = (float) (-logOdds[i] / 2);
      sides[2 * i + 1] = (float) (logOdds[i] / 2);
    }
    return sides;
  }
}
