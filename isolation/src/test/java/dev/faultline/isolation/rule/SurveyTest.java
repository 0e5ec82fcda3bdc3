package dev.faultline.isolation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.request.InferenceRequest;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SurveyTest {
  private static final double RISK = 0.02;

  @Test
  void aRangeIsRoundedOutwardsAndSaysHowManyValuesStandBehindIt() {
    // seeded: the last digits of what is seen do not matter
    var random = new Random(7);
    FieldLesson lesson = lesson(DataType.FP32, 1_000, i -> floats(i == 0 ? 3.2f : i == 1 ? 97.1f : 5 + 90 * random.nextFloat()));
    assertThat(lesson.rules()).singleElement().satisfies(rule -> {
      assertThat(rule.key()).isEqualTo("range");
      // span 93.9, a tenth of it outwards, to tens' tenths; no number is negative
      assertThat(rule.value()).isEqualTo("[0, 107]");
      assertThat(rule.why()).isEqualTo("1,000 of 1,000 values, 3.2 to 97.1");
      assertThat(rule.support()).isEqualTo(new Support(1_000, 1_000, 0));
      assertThat(rule.support().refusedAtMost()).isBetween(0.0029, 0.0031);
    });
  }

  @Test
  void anEndThatManyRequestsMeetIsARealOne() {
    FieldLesson lesson = lesson(DataType.FP64, 400, i -> Tensor.doubles("x", Shape.of(1), i % 4 == 0 ? 0.0 : i % 4 == 1 ? 1.0 : i / 400.0));
    assertThat(rule(lesson).value()).isEqualTo("[0, 1]");
  }

  @Test
  void wholeNumbersWithoutAGapAreAnIndexWithoutSlack() {
    FieldLesson lesson = lesson(DataType.INT64, 600, i -> Tensor.longs("x", Shape.of(2), i % 249, 248 - i % 249));
    assertThat(rule(lesson).key()).isEqualTo("range");
    assertThat(rule(lesson).value()).isEqualTo("[0, 248]");
    assertThat(lesson.notes()).containsExactly("249 different, without a gap: looks like an index, so no slack");
  }

  @Test
  void theOneRequestFarOutsideCountsAgainstTheRule() {
    FieldLesson lesson = lesson(DataType.FP64, 160, i -> Tensor.doubles("x", Shape.of(1), i == 80 ? 1e9 : i));
    assertThat(rule(lesson).key()).isEqualTo("finite");
    assertThat(lesson.notes()).containsExactly("no range: 1 of 160 requests would have been refused by what the others taught (up to 2.9 % of good requests refused, more than 2.0 %)");
  }

  @Test
  void fewRequestsTeachNothingAndThatIsSaid() {
    FieldLesson lesson = lesson(DataType.FP32, 40, i -> floats(i));
    assertThat(lesson.rules()).isEmpty();
    assertThat(lesson.notes()).containsExactly(
        "no range: 40 requests are too few (up to 7.2 % of good requests refused, more than 2.0 %)", "no finite: 40 requests are too few (up to 7.2 % of good requests refused, more than 2.0 %)");
    assertThat(lesson(DataType.FP32, 0, i -> floats(i)).seen()).isEqualTo("nothing but missing values");
  }

  @Test
  void manyValuesOfOneRequestAreOneWitness() {
    FieldLesson lesson = lesson(DataType.FP32, 2, i -> Tensor.floats("x", Shape.of(500), values(500)));
    assertThat(lesson.rules()).isEmpty();
  }

  @Test
  void missingValuesMakeARangeNullableAndInfiniteOnesPreventIt() {
    FieldLesson missing = lesson(DataType.FP32, 300, i -> floats(i % 10 == 0 ? Float.NaN : i));
    assertThat(missing.rules()).extracting(LearntRule::key).containsExactly("nullable", "range");
    assertThat(missing.rules().getFirst().why()).isEqualTo("30 of 300 values are missing, and were served");
    FieldLesson infinite = lesson(DataType.FP32, 300, i -> floats(i == 5 ? Float.POSITIVE_INFINITY : i));
    assertThat(infinite.rules()).isEmpty();
    assertThat(infinite.notes()).containsExactly("1 of 300 values are infinite and were served");
  }

  @Test
  void whatStandsForANullIsNotTakenForAValue() {
    Contract contract = Requests.contract(DataType.INT64, new Rule.Nullable(FieldRef.of("x")));
    var survey = new Survey(contract, _ -> false);
    for (int i = 0; i < 300; i++) {
      Tensor tensor = Tensor.longs("x", Shape.of(2), 0, 50 + i);
      survey.add(Requests.withNull(tensor));
    }
    FieldLesson lesson = survey.lessons(RISK).getFirst();
    assertThat(rule(lesson).value()).isEqualTo("[20, 380]");
    assertThat(lesson.seen()).endsWith("300 of 600 missing");
  }

  @Test
  void oneValueOnlyTeachesNothing() {
    assertThat(lesson(DataType.INT32, 500, _ -> Tensor.ints("x", Shape.of(1), 7)).notes()).containsExactly("always 7: what else is good cannot be told");
    assertThat(lesson(DataType.BYTES, 500, _ -> texts("gull")).notes()).containsExactly("always 'gull': what else is good cannot be told");
  }

  @Test
  void aLonelyMinusOneIsAQuestion() {
    FieldLesson lesson = lesson(DataType.FP64, 500, i -> Tensor.doubles("x", Shape.of(1), i % 25 == 0 ? -1 : i * 100));
    assertThat(lesson.questions()).containsExactly("-1 in 20 of 500 requests, and nothing else below zero: does it mean unknown?");
    assertThat(lesson.rules()).extracting(LearntRule::key).containsExactly("finite");
  }

  @Test
  void fewNumbersWithGapsAreCategories() {
    assertThat(rule(lesson(DataType.INT32, 300, i -> Tensor.ints("x", Shape.of(1), 10 * (i % 3)))).value()).isEqualTo("[0, 10, 20]");
    LearntRule flag = rule(lesson(DataType.FP32, 300, i -> floats(i % 2)));
    assertThat(flag.key() + " " + flag.value()).isEqualTo("values [0, 1]");
    assertThat(rule(lesson(DataType.FP32, 300, i -> floats(i % 2 == 0 ? 0.1f : 0.25f))).value()).isEqualTo("[0.1, 0.25]");
  }

  @Test
  void anIntegerThatUsesAllOfItsTypeTeachesNothing() {
    FieldLesson lesson = lesson(DataType.UINT8, 300, i -> uint8(i % 256));
    assertThat(lesson.rules()).isEmpty();
    assertThat(lesson.notes()).containsExactly("all that UINT8 can hold");
  }

  @Test
  void closedCategoriesAreListedAndOpenOnesAreNot() {
    List<String> birds = List.of("gull", "owl", "no", "1", "red kite");
    FieldLesson closed = lesson(DataType.BYTES, 300, i -> texts(birds.get(i % 5)));
    assertThat(rule(closed).value()).isEqualTo("[\"1\", gull, \"no\", owl, \"red kite\"]");
    assertThat(rule(closed).why()).isEqualTo("300 of 300 values, 5 different");
    FieldLesson open = lesson(DataType.BYTES, 300, i -> texts(i % 10 == 0 ? "bird " + i : "gull"));
    assertThat(open.rules()).extracting(LearntRule::key).containsExactly("length");
    assertThat(open.notes()).containsExactly("no values: 30 of 300 requests would have been refused by what the others taught (up to 13 % of good requests refused, more than 2.0 %)");
  }

  @Test
  void textsThatDifferInCaseOnlyAreAQuestion() {
    FieldLesson lesson = lesson(DataType.BYTES, 300, i -> texts(i % 50 == 0 ? "Gull" : i % 2 == 0 ? "gull" : "owl"));
    assertThat(lesson.rules()).isEmpty();
    assertThat(lesson.questions()).containsExactly("'Gull' in 6 requests and 'gull' in 144: is one of them a slip?");
  }

  @Test
  void textsOfOneFormGetAPatternAndALength() {
    FieldLesson lesson = lesson(DataType.BYTES, 300, i -> texts("AB-" + (1000 + i)));
    assertThat(lesson.rules()).extracting(rule -> rule.key() + " " + rule.value()).containsExactly("pattern \"[A-Z]{2}\\\\-[0-9]{4}\"", "length [1, 11]");
    // whole numbers as texts
    assertThat(lesson(DataType.BYTES, 300, i -> texts(String.valueOf(i * 7))).rules().getFirst().value()).isEqualTo("\"[0-9]+\"");
    assertThat(lesson(DataType.BYTES, 300, i -> texts(i + (i % 2 == 0 ? "" : ".5"))).rules().getFirst().value()).isEqualTo("\"-?[0-9]+(\\\\.[0-9]+)?\"");
    // words are not regular, and neither are letters beyond ASCII
    assertThat(lesson(DataType.BYTES, 300, i -> texts("abc".repeat(1 + i % 40))).rules()).extracting(LearntRule::key).doesNotContain("pattern");
    assertThat(lesson(DataType.BYTES, 300, i -> texts("é" + i)).rules()).extracting(LearntRule::key).containsExactly("length");
  }

  @Test
  void whatTheContractSaysAlreadyIsLeftAlone() {
    Contract contract = Requests.contract(DataType.FP32, new Rule.Range(FieldRef.of("x"), 0, 400), new Rule.Finite(FieldRef.of("x")));
    FieldLesson lesson = lesson(contract, 300, i -> Requests.of(floats(i)));
    assertThat(lesson.rules()).isEmpty();
    assertThat(lesson.notes()).contains("the contract says already: 0 to 400");
  }

  @Test
  void whatIsHiddenTeachesNothing() {
    var survey = new Survey(Requests.contract(DataType.FP32), field -> field.tensor().equals("x"));
    survey.add(Requests.of(floats(1)));
    assertThat(survey.lessons(RISK).getFirst().notes()).containsExactly("hidden by redaction: nothing is learnt");
  }

  @Test
  void everyLearntRuleAcceptsAllThatTaughtIt() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      double scale = Math.pow(10, random.nextInt(40) - 20);
      double shift = random.nextBoolean() ? 0 : scale * random.nextGaussian();
      List<InferenceRequest> requests = IntStream.range(0, 200).mapToObj(_ -> Requests.of(Tensor.doubles("x", Shape.of(1), shift + scale * random.nextGaussian()))).toList();
      var survey = new Survey(Requests.contract(DataType.FP64), _ -> false);
      requests.forEach(survey::add);
      LearntRule rule = rule(survey.lessons(0.5).getFirst());
      String[] ends = rule.value().substring(1, rule.value().length() - 1).split(", ", -1);
      var range = new Rule.Range(FieldRef.of("x"), Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
      var trial = new RuleTrial(Requests.contract(DataType.FP64, range), _ -> false);
      assertThat(requests).as("seed %d, %s", seed, rule).allMatch(request -> trial.of(request).isEmpty());
    }
  }

  private static LearntRule rule(FieldLesson lesson) {
    assertThat(lesson.rules()).as(String.valueOf(lesson.notes())).hasSize(1);
    return lesson.rules().getFirst();
  }

  private static FieldLesson lesson(DataType type, int count, IntFunction<Tensor> tensor) {
    return lesson(Requests.contract(type), count, i -> Requests.of(tensor.apply(i)));
  }

  private static FieldLesson lesson(Contract contract, int count, IntFunction<InferenceRequest> request) {
    var survey = new Survey(contract, _ -> false);
    for (int i = 0; i < count; i++) {
      survey.add(request.apply(i));
    }
    return survey.lessons(RISK).getFirst();
  }

  private static Tensor floats(float... values) {
    return Tensor.floats("x", Shape.of(values.length), values);
  }

  private static Tensor texts(String text) {
    return Tensor.strings("x", Shape.of(1), List.of(text));
  }

  private static Tensor uint8(int value) {
    var bytes = dev.faultline.tensor.Elements.allocate(DataType.UINT8, 1);
    bytes.put(0, (byte) value);
    return new Tensor("x", DataType.UINT8, Shape.of(1), dev.faultline.tensor.Elements.fixed(DataType.UINT8, bytes));
  }

  private static float[] values(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return values;
  }
}
