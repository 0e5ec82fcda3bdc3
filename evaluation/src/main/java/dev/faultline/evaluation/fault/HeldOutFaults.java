package dev.faultline.evaluation.fault;

import static dev.faultline.evaluation.fault.Recipe.fault;

import dev.faultline.evaluation.fault.Recipe.Suite;
import dev.faultline.evaluation.model.Applicants;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Heads;
import dev.faultline.evaluation.model.Masked;
import dev.faultline.evaluation.model.Orders;
import dev.faultline.evaluation.model.Quantised;
import dev.faultline.evaluation.model.Release;
import dev.faultline.evaluation.model.Reviews;
import dev.faultline.evaluation.model.Ticks;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/// Faults and models that the engine was not written with in view; scored apart.
///
/// Whoever mends the engine after what they show mends it for all requests of a kind, and says in the report that the suite has been seen.
public final class HeldOutFaults {
  private static final String[] SEEN_BY_CHECK = {"CHECK", "INFER"};
  private static final double SENTINEL = -999;

  private HeldOutFaults() {}

  public static List<Recipe> all() {
    return List.of(
        fault("unknown-word", Kind.DETERMINISTIC, HeldOutFaults::unknownWord),
        fault("vocabulary-shifted", Kind.INTERACTION, HeldOutFaults::vocabularyShifted),
        fault("label-missing", Kind.INTERACTION, HeldOutFaults::labelMissing),
        fault("nought-in-scan", Kind.SILENT, HeldOutFaults::noughtInScan),
        fault("scan-forgets-nothing", Kind.SILENT, HeldOutFaults::scanForgetsNothing),
        fault("one-head-nan", Kind.SILENT, HeldOutFaults::oneHeadNan),
        fault("exp-overflow", Kind.SILENT, HeldOutFaults::expOverflow),
        fault("quantised-scale", Kind.SILENT, HeldOutFaults::quantisedScale),
        fault("columns-swapped", Kind.SILENT, HeldOutFaults::columnsSwapped),
        fault("cents-for-euros", Kind.SILENT, HeldOutFaults::cents),
        fault("input-left-out", Kind.DETERMINISTIC, HeldOutFaults::inputLeftOut),
        fault("nought-by-nought", Kind.INTERACTION, HeldOutFaults::noughtByNought),
        fault("sentinel-in-one-row", Kind.SILENT, HeldOutFaults::sentinel),
        fault("empty-mask", Kind.SILENT, HeldOutFaults::emptyMask),
        new Recipe("unknown-word-and-label-missing", Kind.INTERACTION, Suite.COMPOSITE, HeldOutFaults::wordAndLabel),
        new Recipe("cents-and-columns-swapped", Kind.INTERACTION, Suite.COMPOSITE, HeldOutFaults::centsAndSwapped),
        new Recipe("drift", Kind.UNSTABLE, Suite.HEALTHY, HeldOutFaults::drift));
  }

  private static SplittableRandom random(long seed) {
    return new SplittableRandom(seed ^ 0x51d);
  }

  private static Case ofInput(Family family, Planted planted) {
    return Case.of(family, Versions.sound(family, 3), planted);
  }

  private static Case ofVersion(String id, long seed, Family family, Truth truth, IntFunction<Release> broken) {
    Versions versions = Versions.draw(seed);
    return Case.of(family, versions.releases(family, broken), Planted.version(0, id, truth.firstBad(versions.first()), versions.bad()));
  }

  private static Truth model() {
    return Truth.of(Cause.MODEL).stages(SEEN_BY_CHECK);
  }

  private static Case unknownWord(long seed) {
    return ofInput(new Reviews(seed), unknownWord());
  }

  /// Each caller has words of its own: no two requests need fail with the same.
  private static Planted unknownWord() {
    Truth truth = Truth.of(Cause.INPUT).stages("PREPROCESS", "VALIDATE").fields(Place.of(Reviews.TENSOR)).step("word_ids");
    return Planted.input(0, "unknown-word", truth, (request, random) -> request.with(Reviews.with(request.input(Reviews.TENSOR), "x" + random.nextInt(1_000), random)));
  }

  private static Case vocabularyShifted(long seed) {
    var family = new Reviews(seed);
    Versions versions = Versions.draw(seed);
    Set<String> bad = versions.bad();
    String last = Reviews.word(Reviews.WORDS - 1);
    Truth truth = Truth.of(Cause.STEP, Cause.INTERACTION).stages("INFER", "PREPROCESS").firstBad(versions.first()).step("word_ids");
    Planted planted = Planted.both(0, "vocabulary-shifted", truth, bad, (request, random) -> request.with(Reviews.with(request.input(Reviews.TENSOR), last, random)))
        .covering(request -> bad.contains(request.version()) && request.input(Reviews.TENSOR).values().contains(last));
    return Case.of(family, versions.releases(family, v -> family.release(v, Reviews.Defect.TABLE_FROM_ONE)), planted);
  }

  private static Case labelMissing(long seed) {
    var family = new Reviews(seed);
    Versions versions = Versions.draw(seed);
    return Case.of(family, versions.releases(family, v -> family.release(v, Reviews.Defect.LABEL_MISSING)), labelMissing(versions));
  }

  /// A version that cannot name its most frequent class. Which requests win it only the model knows, so any to a bad version may fail.
  private static Planted labelMissing(Versions versions) {
    Set<String> bad = versions.bad();
    Truth truth = Truth.of(Cause.STEP).stages("POSTPROCESS").firstBad(versions.first()).step("sentiment");
    return new Planted("label-missing", 0, Kind.UNSTABLE, truth, Planted.Exposure.VERSION, bad, Spoiler.NOTHING, request -> bad.contains(request.version()));
  }

  private static Case noughtInScan(long seed) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(Place.of(Ticks.TENSOR)).nodes("/sweep", "/sweep/log");
    return ofInput(new Ticks(seed), Planted.input(0, "nought-in-scan", truth,
        (request, random) -> request.with(somewhere(request.input(Ticks.TENSOR), -random.nextInt(5), random))).kind(Kind.SILENT));
  }

  private static Input somewhere(Input input, double value, RandomGenerator random) {
    return input.with(random.nextInt(input.values().size()), value);
  }

  private static Case scanForgetsNothing(long seed) {
    var family = new Ticks(seed);
    return ofVersion("scan-forgets-nothing", seed, family, model().nodes("/sweep", "/sweep/forget"), v -> family.release(v, Ticks.Defect.NOTHING_FORGOTTEN));
  }

  private static Case oneHeadNan(long seed) {
    var family = new Heads(seed);
    return ofVersion("one-head-nan", seed, family, model().nodes("/amount/dense").initializers("amount.weight"), v -> family.release(v, Heads.Defect.AMOUNT_NAN));
  }

  private static Case expOverflow(long seed) {
    int column = random(seed).nextInt(Heads.names().size());
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(new Place(Heads.TENSOR, Heads.names().get(column))).nodes("/amount/exp");
    return ofInput(new Heads(seed), Planted.input(0, "exp-overflow", truth,
        (request, _) -> request.from(InputFaults.NEWCOMER).with(times(request.input(Heads.TENSOR), column, 10_000))).kind(Kind.SILENT));
  }

  private static Input times(Input input, int column, double unit) {
    return input.with(column, input.number(column) * unit);
  }

  private static Case quantisedScale(long seed) {
    var family = new Quantised(seed);
    return ofVersion("quantised-scale", seed, family, model().nodes("/dense/weights", "/dense/multiply").initializers("dense.scale"),
        v -> family.release(v, Quantised.Defect.SCALE_MIXED_UP));
  }

  private static Case columnsSwapped(long seed) {
    var family = new Applicants(seed);
    return ofVersion("columns-swapped", seed, family, model().nodes("/columns"), v -> family.release(v, Applicants.Defect.COLUMNS_SWAPPED));
  }

  private static Case cents(long seed) {
    return ofInput(new Applicants(seed), cents());
  }

  private static Planted cents() {
    return Planted.input(0, "cents-for-euros", Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(Place.of("income")),
        (request, _) -> request.from(InputFaults.NEWCOMER).with(times(request.input("income"), 0, 100))).kind(Kind.SILENT);
  }

  private static Case inputLeftOut(long seed) {
    String name = random(seed).nextBoolean() ? "tenure" : "debt";
    return ofInput(new Applicants(seed), Planted.input(0, "input-left-out", Truth.of(Cause.INPUT).stages("VALIDATE", "DECODE").fields(Place.of(name)),
        (request, _) -> request.from(InputFaults.NEWCOMER).without(name)));
  }

  /// Either count may be nought, and is in a third of the sound requests; both together leave nothing to divide by.
  private static Case noughtByNought(long seed) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(Place.of("paid"), Place.of("missed")).nodes("/share/divide");
    var family = new Applicants(seed);
    Planted planted = Planted.input(0, "nought-by-nought", truth, (request, _) -> request.with(Applicants.of("paid", 0)).with(Applicants.of("missed", 0)))
        .kind(Kind.INTERACTION).covering(request -> request.input("paid").number(0) == 0 && request.input("missed").number(0) == 0);
    return ofInput(family, planted);
  }

  private static Case sentinel(long seed) {
    int column = random(seed).nextInt(Orders.names().size());
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(new Place(Orders.TENSOR, Orders.names().get(column))).nodes("/orders/root");
    return ofInput(new Orders(seed), Planted.input(0, "sentinel-in-one-row", truth, (request, random) -> request.with(atRow(request.input(Orders.TENSOR), column, random)))
        .kind(Kind.SILENT));
  }

  private static Input atRow(Input table, int column, RandomGenerator random) {
    return table.with(random.nextInt(table.batch()) * table.width() + column, SENTINEL);
  }

  private static Case emptyMask(long seed) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(Place.of(Masked.MASK)).nodes("/attention/softmax", "/attention/mask");
    return ofInput(new Masked(seed), Planted.input(0, "empty-mask", truth, (request, _) -> request.with(nothing(request.input(Masked.MASK)))).kind(Kind.SILENT));
  }

  private static Input nothing(Input mask) {
    double[] noughts = new double[mask.values().size()];
    Arrays.fill(noughts, 0);
    return Input.floats(mask.name(), mask.shape(), noughts);
  }

  private static Case wordAndLabel(long seed) {
    var family = new Reviews(seed);
    Versions versions = Versions.draw(seed);
    List<Release> releases = versions.releases(family, v -> family.release(v, Reviews.Defect.LABEL_MISSING));
    Planted word = unknownWord().covering(request -> request.spoiled());
    return Case.composite("unknown-word-and-label-missing", family, releases, List.of(word, labelMissing(versions)));
  }

  private static Case centsAndSwapped(long seed) {
    var family = new Applicants(seed);
    Case swapped = columnsSwapped(seed);
    return Case.composite("cents-and-columns-swapped", family, swapped.releases(), List.of(cents(), swapped.planted().getFirst()));
  }

  /// Incomes rise, and nothing fails but for callers who give up.
  private static Case drift(long seed) {
    var family = new Applicants(seed);
    Weather weather = (request, progress, random) -> {
      Request risen = request.with(times(request.input("income"), 0, 1 + 0.2 * progress));
      return random.nextInt(60) == 0 ? risen.with(Request.Quirk.GIVES_UP) : risen;
    };
    return Case.healthy("drift", family, Versions.sound(family, 3), weather).allowing(Cause.FLAKY, Cause.UNKNOWN, Cause.RESOURCE);
  }
}
