package dev.faultline.evaluation.model;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Texts: words that a step looks up, their vectors averaged, three classes, and a step that names the winner. Held out.
public final class Reviews implements Family {
  public static final String TENSOR = "words";
  public static final int WORDS = 60;
  private static final int WIDTH = 6;
  private static final int LENGTH_MIN = 3;
  private static final List<String> LABELS = List.of("negative", "neutral", "positive");
  private static final String[] STEMS = {"plain", "warm", "slow", "rich", "loud", "kind", "dull", "neat", "odd", "calm"};

  /// What a release may have wrong.
  public enum Defect {
    NONE,
    /// The step's table counts from one, so that the last word's vector is beyond the end.
    TABLE_FROM_ONE,
    /// The last class has no name.
    LABEL_MISSING
  }

  private final long seed;

  public Reviews(long seed) {
    this.seed = seed;
  }

  @Override
  public String name() {
    return "reviews";
  }

  public static String word(int index) {
    return STEMS[index % STEMS.length] + index / STEMS.length;
  }

  /// The last word of the vocabulary is never drawn: it is known, and rare.
  @Override
  public List<Input> draw(RandomGenerator random) {
    return List.of(of(IntStream.range(0, LENGTH_MIN + random.nextInt(8)).mapToObj(_ -> (Object) word(common(random))).toList()));
  }

  /// The frequent half of the words makes up three quarters of the texts.
  private static int common(RandomGenerator random) {
    return random.nextInt(4) == 0 ? random.nextInt(WORDS - 1) : random.nextInt(WORDS / 2);
  }

  public static Input of(List<Object> words) {
    return new Input(TENSOR, "BYTES", List.of(1, words.size()), words);
  }

  /// The same text with another word somewhere.
  public static Input with(Input text, String word, RandomGenerator random) {
    return text.with(random.nextInt(text.values().size()), word);
  }

  @Override
  public Release sound(int version) {
    return release(version, Defect.NONE);
  }

  public Release release(int version, Defect defect) {
    return new Release(String.valueOf(version), graph(version), contract(defect));
  }

  private Graph graph(int version) {
    var weights = new Weights(seed, version);
    return GraphBuilder.named("reviews")
        .input(TENSOR, INT64, "batch", "length")
        .initializer("word.weight", weights.normal(WORDS * WIDTH, 1), WORDS, WIDTH)
        .initializer("head.weight", weights.normal(WIDTH * LABELS.size(), 2), WIDTH, LABELS.size())
        // the last class wins more often than not: what it lacks shows
        .initializer("head.bias", new float[] {0, 0, 1.5f}, LABELS.size())
        .node("/words/gather", "Gather", List.of("word.weight", TENSOR), List.of("vectors"))
        .node("/words/average", "ReduceMean", List.of("vectors"), List.of("average"), Attribute.ofInts("axes", 1), Attribute.ofInt("keepdims", 0))
        .node("/head", "Gemm", List.of("average", "head.weight", "head.bias"), List.of("logits"))
        .node("/softmax", "Softmax", List.of("logits"), List.of("probabilities"), Attribute.ofInt("axis", 1))
        .output("probabilities", FLOAT, "batch", LABELS.size())
        .build();
  }

  private static String contract(Defect defect) {
    int first = defect == Defect.TABLE_FROM_ONE ? 1 : 0;
    String table = IntStream.range(0, WORDS).mapToObj(i -> word(i) + ": " + (i + first)).collect(Collectors.joining(", ", "{", "}"));
    var labels = new ArrayList<>(LABELS);
    if (defect == Defect.LABEL_MISSING) {
      labels.removeLast();
    }
    return "inputs:\n  words: {datatype: BYTES, shape: [batch, length]}\npreprocess:\n  - {name: word_ids, step: lookup, input: words, table: " + table + "}\n"
        + "postprocess:\n  - {name: winner, step: argmax, input: probabilities, output: index}\n"
        + "  - {name: sentiment, step: label, input: index, labels: [" + String.join(", ", labels) + "], output: sentiment}\n"
        + "  - {step: drop, input: index}\n";
  }
}
