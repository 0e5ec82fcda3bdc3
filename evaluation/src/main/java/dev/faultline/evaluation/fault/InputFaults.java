package dev.faultline.evaluation.fault;

import static dev.faultline.evaluation.fault.Recipe.fault;

import dev.faultline.evaluation.model.Accounts;
import dev.faultline.evaluation.model.Amounts;
import dev.faultline.evaluation.model.Embeddings;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.model.Picture;
import dev.faultline.evaluation.model.Signal;
import dev.faultline.evaluation.model.Trees;
import dev.faultline.evaluation.traffic.Client;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.traffic.Request.Quirk;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Faults of what callers send: every version fails on them alike.
final class InputFaults {
  /// A client whose every request is spoiled; it comes with the fault.
  static final Client NEWCOMER = new Client("partner-c", "java-http-client/25", "0.9");

  private static final double INT32_OVER_VALUE = 2_147_483_648.0;
  private static final long INT32_OVER = 2_147_483_648L;
  private static final String[] SEEN_BY_CHECK = {"CHECK", "INFER"};
  private static final double[] UNITS = {60, 100, 1000};

  private InputFaults() {}

  static List<Recipe> all() {
    return List.of(
        fault("nan-from-one-client", Kind.SILENT, InputFaults::nanFromOneClient),
        fault("nan-refused", Kind.DETERMINISTIC, InputFaults::nanRefused),
        fault("null-as-text", Kind.DETERMINISTIC, InputFaults::nullAsText),
        fault("wrong-unit", Kind.SILENT, InputFaults::wrongUnit),
        fault("wrong-unit-trees", Kind.SILENT, InputFaults::wrongUnitTrees),
        fault("unseen-category", Kind.DETERMINISTIC, InputFaults::unseenCategory),
        fault("mojibake", Kind.DETERMINISTIC, InputFaults::mojibake),
        fault("int32-overflow", Kind.DETERMINISTIC, InputFaults::int32Overflow),
        fault("negative-to-log", Kind.SILENT, InputFaults::negativeToLog),
        fault("divide-by-zero", Kind.DETERMINISTIC, InputFaults::divideByZero),
        fault("too-short-sequence", Kind.DETERMINISTIC, InputFaults::tooShort),
        fault("data-twice", Kind.DETERMINISTIC, InputFaults::dataTwice),
        fault("nan-pixel", Kind.SILENT, InputFaults::nanPixel));
  }

  private static Case of(Family family, Planted planted) {
    return Case.of(family, Versions.sound(family, 3), planted);
  }

  private static SplittableRandom random(long seed) {
    return new SplittableRandom(seed ^ 0x19a);
  }

  static Case nanFromOneClient(long seed) {
    var family = new Logistic(seed);
    return of(family, nanFromOneClient(1, random(seed).nextInt(Logistic.names().size())));
  }

  static Planted nanFromOneClient(int number, int column) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(column(column)).nodes("/scale/center");
    return Planted.input(number, "nan-from-one-client", truth, (request, _) -> request.from(NEWCOMER).with(request.input(Logistic.TENSOR).with(column, Double.NaN)))
        .kind(Kind.SILENT);
  }

  private static Case nanRefused(long seed) {
    int column = random(seed).nextInt(Logistic.names().size());
    var family = new Logistic(seed, Logistic.Scaling.IN_GRAPH, "    finite: true\n");
    return of(family, Planted.input(1, "nan-refused", Truth.of(Cause.INPUT).stages("VALIDATE").fields(column(column)),
        (request, _) -> request.with(request.input(Logistic.TENSOR).with(column, Double.NaN))));
  }

  private static Case nullAsText(long seed) {
    int column = random(seed).nextInt(Logistic.names().size());
    return of(new Logistic(seed), Planted.input(3, "null-as-text", Truth.of(Cause.INPUT).stages("VALIDATE", "DECODE").fields(column(column)),
        (request, _) -> request.with(request.input(Logistic.TENSOR).with(column, "null"))));
  }

  private static Case wrongUnit(long seed) {
    var random = random(seed);
    // the columns whose mean is far from nought: there a unit shows
    int column = 2 * random.nextInt(Logistic.names().size() / 2);
    double unit = UNITS[random.nextInt(UNITS.length)];
    return of(new Logistic(seed), Planted.input(5, "wrong-unit", Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(column(column)),
        (request, _) -> request.from(NEWCOMER).with(times(request.input(Logistic.TENSOR), column, unit))).kind(Kind.SILENT));
  }

  private static Case wrongUnitTrees(long seed) {
    int column = random(seed).nextInt(Trees.names().size());
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(new Place(Trees.TENSOR, Trees.names().get(column))).boundary(500, 5, ">", ">=");
    return of(new Trees(seed), Planted.input(5, "wrong-unit-trees", truth, (request, _) -> request.with(times(request.input(Trees.TENSOR), column, 15 + Math.floorMod(seed, 7))))
        .kind(Kind.SILENT));
  }

  private static Case unseenCategory(long seed) {
    return of(new Embeddings(seed), unseenCategory(7, random(seed).nextInt(Embeddings.CATEGORIES.size())));
  }

  static Planted unseenCategory(int number, int category) {
    String name = Embeddings.CATEGORIES.get(category);
    int rows = Embeddings.rows(category);
    Truth truth = Truth.of(Cause.INPUT).stages("INFER").fields(Place.of(name)).nodes(Embeddings.node(category, "gather")).boundary(rows, 1, ">=", ">");
    return Planted.input(number, "unseen-category", truth, (request, random) -> request.with(Input.ofLong(name, rows + random.nextInt(rows))));
  }

  private static Case mojibake(long seed) {
    return of(new Accounts(seed), Planted.input(9, "mojibake", Truth.of(Cause.INPUT).stages("PREPROCESS", "DECODE", "VALIDATE").fields(Place.of("city")).step("city_index"),
        (request, random) -> request.from(NEWCOMER).with(Input.ofText("city", mojibake(Accounts.CITIES.get(random.nextInt(5)))))));
  }

  /// UTF-8 read as Latin-1.
  private static String mojibake(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Case int32Overflow(long seed) {
    return of(new Accounts(seed), int32Overflow());
  }

  static Planted int32Overflow() {
    Truth truth = Truth.of(Cause.INPUT).stages("PREPROCESS").fields(Place.of("account")).step("account_to_int32").boundary(INT32_OVER_VALUE, 1, ">=", ">");
    return Planted.input(11, "int32-overflow", truth,
            (request, random) -> request.with(Input.ofLong("account", INT32_OVER + random.nextInt(2_000_000_000))))
        .covering(request -> request.input("account").number(0) >= INT32_OVER_VALUE);
  }

  private static Case negativeToLog(long seed) {
    return of(new Amounts(seed), negativeToLog(random(seed).nextInt(Amounts.names().size())));
  }

  static Planted negativeToLog(int column) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(new Place(Amounts.TENSOR, Amounts.names().get(column))).nodes("/amounts/log")
        .boundary(-1, 0.05, "<", "<=");
    return Planted.input(13, "negative-to-log", truth,
        (request, random) -> request.with(request.input(Amounts.TENSOR).with(column, -1.5 - random.nextInt(100)))).kind(Kind.SILENT);
  }

  private static Case divideByZero(long seed) {
    return of(new Accounts(seed), divideByZero());
  }

  static Planted divideByZero() {
    Truth truth = Truth.of(Cause.INPUT).stages("INFER").fields(Place.of("members")).nodes("/share/divide");
    return Planted.input(15, "divide-by-zero", truth, (request, _) -> request.with(Input.ofLong("members", 0)))
        .covering(request -> request.input("members").number(0) == 0);
  }

  private static Case tooShort(long seed) {
    Truth truth = Truth.of(Cause.INPUT).stages("INFER").fields(Place.of(Signal.TENSOR)).nodes("/conv");
    return of(new Signal(seed), Planted.input(17, "too-short-sequence", truth, (request, random) -> request.with(Signal.of(random, random.nextInt(Signal.KERNEL)))));
  }

  private static Case dataTwice(long seed) {
    return of(new Logistic(seed), Planted.input(19, "data-twice", Truth.of(Cause.INPUT).stages("DECODE").fields(Place.of(Logistic.TENSOR)),
        (request, _) -> request.from(NEWCOMER).with(Quirk.DATA_TWICE)));
  }

  private static Case nanPixel(long seed) {
    Truth truth = Truth.of(Cause.INPUT).stages(SEEN_BY_CHECK).fields(Place.of(Picture.TENSOR)).nodes("/conv");
    return of(new Picture(seed), Planted.input(0, "nan-pixel", truth, InputFaults::withNanPixel).kind(Kind.SILENT));
  }

  private static Request withNanPixel(Request request, RandomGenerator random) {
    Input pixels = request.input(Picture.TENSOR);
    return request.with(pixels.with(random.nextInt(pixels.values().size()), Double.NaN));
  }

  private static Place column(int column) {
    return new Place(Logistic.TENSOR, Logistic.names().get(column));
  }

  private static Input times(Input input, int column, double unit) {
    return input.with(column, input.number(column) * unit);
  }
}
