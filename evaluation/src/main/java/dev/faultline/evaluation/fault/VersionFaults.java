package dev.faultline.evaluation.fault;

import static dev.faultline.evaluation.fault.Recipe.fault;

import dev.faultline.evaluation.model.Amounts;
import dev.faultline.evaluation.model.Birdstrikes;
import dev.faultline.evaluation.model.Chain;
import dev.faultline.evaluation.model.Embeddings;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.model.Picture;
import dev.faultline.evaluation.model.Release;
import dev.faultline.evaluation.model.Signal;
import dev.faultline.evaluation.model.Trees;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/// Faults of a release: the version alone, or the version together with an input.
final class VersionFaults {
  private static final String[] SEEN_BY_CHECK = {"CHECK", "INFER"};

  private VersionFaults() {}

  static List<Recipe> all() {
    return List.of(
        fault("scaler-swapped", Kind.SILENT, VersionFaults::scalerSwapped),
        fault("deviation-lost", Kind.SILENT, VersionFaults::deviationLost),
        fault("step-deviation-lost", Kind.SILENT, VersionFaults::stepDeviationLost),
        fault("embedding-row-zeroed", Kind.INTERACTION, VersionFaults::rowZeroed),
        fault("softmax-axis", Kind.SILENT, VersionFaults::softmaxAxis),
        fault("epsilon-zero", Kind.SILENT, VersionFaults::epsilonZero),
        fault("epsilon-negative-in-chain", Kind.SILENT, VersionFaults::epsilonNegative),
        fault("weight-lost-in-chain", Kind.SILENT, VersionFaults::weightLost),
        fault("weight-nan", Kind.SILENT, VersionFaults::weightNan),
        fault("leaf-lost", Kind.SILENT, VersionFaults::leafLost),
        fault("cast-too-early", Kind.SILENT, VersionFaults::castTooEarly),
        fault("half-overflow", Kind.SILENT, VersionFaults::halfOverflow),
        fault("half-overflow-in-chain", Kind.SILENT, VersionFaults::halfOverflowInChain),
        fault("table-cut", Kind.INTERACTION, VersionFaults::tableCut),
        fault("offset-lost", Kind.INTERACTION, VersionFaults::offsetLost),
        fault("birdstrikes-missing-speed", Kind.INTERACTION, _ -> missingSpeed()));
  }

  private static SplittableRandom random(long seed) {
    return new SplittableRandom(seed ^ 0x3b1);
  }

  private static Case of(int number, String id, long seed, Family family, Truth truth, IntFunction<Release> broken) {
    Versions versions = Versions.draw(seed);
    Planted planted = Planted.version(number, id, truth.firstBad(versions.first()), versions.bad());
    return Case.of(family, versions.releases(family, broken), planted);
  }

  private static Truth model() {
    return Truth.of(Cause.MODEL).stages(SEEN_BY_CHECK);
  }

  static Case scalerSwapped(long seed) {
    var family = new Logistic(seed);
    return of(21, "scaler-swapped", seed, family, model().initializers("mean", "std").nodes("/scale/center", "/scale/divide"),
        v -> family.release(v, Logistic.Defect.SCALER_SWAPPED, 0));
  }

  private static Case deviationLost(long seed) {
    var family = new Logistic(seed);
    int column = random(seed).nextInt(Logistic.names().size());
    return of(21, "deviation-lost", seed, family, model().initializers("std").nodes("/scale/divide"),
        v -> family.release(v, Logistic.Defect.DEVIATION_LOST, column));
  }

  private static Case stepDeviationLost(long seed) {
    var family = new Logistic(seed, Logistic.Scaling.IN_STEP, "");
    int column = random(seed).nextInt(Logistic.names().size());
    return of(0, "step-deviation-lost", seed, family, Truth.of(Cause.STEP).stages("PREPROCESS", "CHECK").step("scale_features"),
        v -> family.release(v, Logistic.Defect.STEP_DEVIATION_LOST, column));
  }

  private static Case softmaxAxis(long seed) {
    var family = new Signal(seed);
    return of(25, "softmax-axis", seed, family, model().nodes("/softmax"), v -> family.release(v, Signal.Defect.SOFTMAX_AXIS));
  }

  private static Case epsilonZero(long seed) {
    var family = new Picture(seed);
    return of(25, "epsilon-zero", seed, family, model().nodes("/norm"), v -> family.release(v, Picture.Defect.EPSILON_ZERO));
  }

  private static Case epsilonNegative(long seed) {
    var family = new Chain(seed);
    int block = random(seed).nextInt(Chain.BLOCKS);
    Truth truth = model().nodes(Chain.node(block, "norm/root"), Chain.node(block, "norm/epsilon")).initializers(Chain.weight(block, "epsilon"));
    return of(25, "epsilon-negative-in-chain", seed, family, truth, v -> family.release(v, Chain.Defect.EPSILON_NEGATIVE, block));
  }

  private static Case weightLost(long seed) {
    var family = new Chain(seed);
    int block = random(seed).nextInt(Chain.BLOCKS);
    // whether a request fails depends on its sign at that weight: both words are right
    Truth truth = Truth.of(Cause.MODEL, Cause.INTERACTION).stages(SEEN_BY_CHECK).nodes(Chain.node(block, "dense/multiply")).initializers(Chain.weight(block, "dense.weight"));
    return of(0, "weight-lost-in-chain", seed, family, truth, v -> family.release(v, Chain.Defect.WEIGHT_LOST, block));
  }

  private static Case weightNan(long seed) {
    var family = new Signal(seed);
    return of(0, "weight-nan", seed, family, model().nodes("/conv").initializers("conv.weight"), v -> family.release(v, Signal.Defect.WEIGHT_NAN));
  }

  private static Case leafLost(long seed) {
    var family = new Trees(seed);
    return of(0, "leaf-lost", seed, family, model().nodes("/ensemble"), v -> family.release(v, Trees.Defect.LEAF_LOST));
  }

  private static Case castTooEarly(long seed) {
    var family = new Amounts(seed);
    Versions versions = Versions.draw(seed);
    Set<String> bad = versions.bad();
    // two moments that round to different floats pass: the version, or the version with such moments
    Truth truth = Truth.of(Cause.MODEL, Cause.INTERACTION).stages(SEEN_BY_CHECK).firstBad(versions.first()).nodes("/age/event", "/age/now", "/age/subtract", "/age/log");
    Planted planted = Planted.version(27, "cast-too-early", truth, bad).covering(request -> bad.contains(request.version()) && sinceInFloats(request) <= 0);
    return Case.of(family, versions.releases(family, v -> family.release(v, Amounts.Defect.CAST_TOO_EARLY)), planted);
  }

  private static float sinceInFloats(Request request) {
    return (float) request.input("now_ms").number(0) - (float) request.input("event_ms").number(0);
  }

  private static Case halfOverflow(long seed) {
    var family = new Embeddings(seed);
    int category = random(seed).nextInt(Embeddings.CATEGORIES.size());
    Versions versions = Versions.draw(seed);
    Set<String> bad = versions.bad();
    Truth truth = Truth.of(Cause.MODEL, Cause.INTERACTION).stages(SEEN_BY_CHECK).firstBad(versions.first()).nodes(Embeddings.node(category, "half"));
    // which rows overflow is the table's secret: any request to a bad version may
    Planted planted = Planted.version(29, "half-overflow", truth, bad);
    return Case.of(family, versions.releases(family, v -> family.release(v, Embeddings.Defect.HALF_OVERFLOW, category, 0)), planted);
  }

  private static Case halfOverflowInChain(long seed) {
    var family = new Chain(seed);
    int block = random(seed).nextInt(Chain.BLOCKS);
    return of(29, "half-overflow-in-chain", seed, family, model().nodes(Chain.node(block, "half/cast")),
        v -> family.release(v, Chain.Defect.HALF_PRECISION, block));
  }

  private static Case rowZeroed(long seed) {
    var family = new Embeddings(seed);
    var random = random(seed);
    int category = random.nextInt(Embeddings.CATEGORIES.size());
    int row = Embeddings.rareRow(category, random);
    String name = Embeddings.CATEGORIES.get(category);
    Versions versions = Versions.draw(seed);
    Truth truth = Truth.of(Cause.INTERACTION, Cause.MODEL).stages(SEEN_BY_CHECK).firstBad(versions.first()).fields(Place.of(name))
        .nodes(Embeddings.node(category, "unit")).initializers(Embeddings.table(category));
    Set<String> bad = versions.bad();
    Planted planted = Planted.both(23, "embedding-row-zeroed", truth, bad, (request, _) -> request.with(Input.ofLong(name, row)))
        .covering(request -> bad.contains(request.version()) && request.input(name).number(0) == row);
    return Case.of(family, versions.releases(family, v -> family.release(v, Embeddings.Defect.ROW_ZEROED, category, row)), planted);
  }

  private static Case tableCut(long seed) {
    var family = new Embeddings(seed);
    return tableCut(seed, family, random(seed).nextInt(Embeddings.CATEGORIES.size()));
  }

  private static Case tableCut(long seed, Embeddings family, int category) {
    int rows = Embeddings.rows(category) * 4 / 5;
    String name = Embeddings.CATEGORIES.get(category);
    Versions versions = Versions.draw(seed);
    // what is asked for is sound, and the caller did nothing wrong; a verdict that starts from the index says INPUT under the condition of the version
    Truth truth = Truth.of(Cause.INTERACTION, Cause.MODEL, Cause.INPUT).stages("INFER").firstBad(versions.first()).fields(Place.of(name))
        .nodes(Embeddings.node(category, "gather")).initializers(Embeddings.table(category)).boundary(rows, 1, ">=", ">");
    Set<String> bad = versions.bad();
    Planted planted = Planted.both(33, "table-cut", truth, bad, (request, random) -> request.with(Input.ofLong(name, rows + random.nextInt(Embeddings.rows(category) - rows))))
        .covering(request -> bad.contains(request.version()) && request.input(name).number(0) >= rows);
    return Case.of(family, versions.releases(family, v -> family.release(v, Embeddings.Defect.TABLE_CUT, category, rows)), planted);
  }

  /// The example's own mistake: version 2 asks whether the speed is below zero where the others ask whether it is NaN.
  private static Case missingSpeed() {
    var family = Birdstrikes.read();
    Truth truth = Truth.of(Cause.INTERACTION, Cause.MODEL).stages(SEEN_BY_CHECK).firstBad("2").fields(Place.of(Birdstrikes.SPEED))
        .nodes("/speed/is_missing", "/speed/impute", "/speed/plus_one", "/speed/log");
    Planted planted = Planted.both(33, "birdstrikes-missing-speed", truth, Set.of("2"),
        (request, _) -> request.with(request.input(Birdstrikes.SPEED).with(0, Double.NaN)));
    return Case.of(family, Versions.sound(family, Birdstrikes.VERSIONS), planted);
  }

  private static Case offsetLost(long seed) {
    var family = new Amounts(seed);
    int column = random(seed).nextInt(Amounts.names().size());
    Versions versions = Versions.draw(seed);
    Truth truth = Truth.of(Cause.INTERACTION).stages(SEEN_BY_CHECK).firstBad(versions.first()).fields(new Place(Amounts.TENSOR, Amounts.names().get(column)))
        .nodes("/amounts/log", "/amounts/offset").initializers("offset").boundary(0, 0.05, "<=", "<");
    Planted planted = Planted.both(33, "offset-lost", truth, versions.bad(),
        (request, random) -> request.with(request.input(Amounts.TENSOR).with(column, -0.01 * (10 + random.nextInt(80)))));
    return Case.of(family, versions.releases(family, v -> family.release(v, Amounts.Defect.OFFSET_LOST)), planted);
  }
}
