package dev.faultline.isolation.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.finding.Trait;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Simulated traffic with planted causes and without any. Shuffles are as few as alpha allows, to keep the tests quick.
class ContrastTest {
  private static final long SEED = 20261123;
  private static final double NOISE = 0.005;
  private static final ContrastSettings QUICK = new ContrastSettings(0.01, 0.05, 1, 300, 25, 3, 4, 3);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Contrast contrast = new Contrast(QUICK, random);

  @Test
  void aSingleConditionIsNamedExactly() {
    assertThat(exact(12, 2_000, 0.5, Set.of(equal("field:category3", "value-5")))).as("of 12, seed %d", SEED).isGreaterThanOrEqualTo(11);
  }

  @Test
  void twoConditionsTogetherAreNamedExactly() {
    assertThat(exact(12, 4_000, 0.5, Set.of(equal("version", "3"), equal("field:category1", "value-3")))).as("of 12, seed %d", SEED).isGreaterThanOrEqualTo(11);
  }

  @Test
  void threeConditionsTogetherAreNamedExactly() {
    Set<Condition> planted = Set.of(equal("version", "3"), equal("field:category1", "value-2"), equal("field:category2", "value-1"));
    assertThat(exact(5, 10_000, 0.5, planted)).as("of 5, seed %d", SEED).isGreaterThanOrEqualTo(4);
  }

  private long exact(int trials, int requests, double risk, Set<Condition> planted) {
    long exact = 0;
    for (int trial = 0; trial < trials; trial++) {
      List<Sighting> sightings = new Traffic(random).of(requests, readings -> meets(readings, planted) ? risk : NOISE);
      List<Explanation> found = contrast.explain(sightings).explanations();
      exact += !found.isEmpty() && Set.copyOf(found.getFirst().conditions()).equals(planted) ? 1 : 0;
    }
    return exact;
  }

  @Test
  void twoFaultsAtOnceAreBothNamed() {
    Condition first = equal("field:category3", "value-5");
    Condition second = equal("client", "client-6");
    int both = 0;
    for (int trial = 0; trial < 6; trial++) {
      List<Sighting> sightings = new Traffic(random)
          .of(5_000, readings -> meets(readings, Set.of(first)) || meets(readings, Set.of(second)) ? 0.7 : NOISE);
      List<List<Condition>> found = contrast.explain(sightings).explanations().stream().map(Explanation::conditions).toList();
      both += found.contains(List.of(first)) && found.contains(List.of(second)) ? 1 : 0;
    }
    assertThat(both).as("of 6, seed %d", SEED).isGreaterThanOrEqualTo(5);
  }

  /// With alpha .05 over all looks the first look spends .03; 200 healthy windows leave room for chance (the bound is far out).
  @Test
  void healthyTrafficIsAccusedNoMoreOftenThanAlpha() {
    int suspected = 0;
    int supported = 0;
    int windows = 200;
    for (int window = 0; window < windows; window++) {
      List<Explanation> found = contrast.explain(new Traffic(random).of(600, _ -> 0.05)).explanations();
      suspected += found.isEmpty() ? 0 : 1;
      supported += found.stream().anyMatch(explanation -> explanation.confidence() == Confidence.SUPPORTED) ? 1 : 0;
    }
    assertThat(suspected).as("of %d, seed %d", windows, SEED).isLessThanOrEqualTo(14);
    assertThat(supported).as("of %d, seed %d", windows, SEED).isLessThanOrEqualTo(6);
  }

  @Test
  void lookingAgainAndAgainSpendsNoMoreThanAlpha() {
    int accused = 0;
    int groups = 40;
    for (int group = 0; group < groups; group++) {
      List<Sighting> all = new Traffic(random).of(1_600, _ -> 0.05);
      boolean any = false;
      for (int look = 1; look <= 4; look++) {
        any |= !contrast.explain(all.subList(0, 200 << (look - 1)), look).explanations().isEmpty();
      }
      accused += any ? 1 : 0;
    }
    assertThat(accused).as("of %d, seed %d", groups, SEED).isLessThanOrEqualTo(7);
  }

  /// More failures at night, and other clients at night: only the hour is to blame, and that is what strata are for.
  @Test
  void aChangeOfTheTrafficMixIsNotAccused() {
    int accused = 0;
    for (int window = 0; window < 40; window++) {
      var sightings = new ArrayList<Sighting>();
      for (int i = 0; i < 1_000; i++) {
        boolean night = random.nextInt(4) == 0;
        Side side = random.nextDouble() < (night ? 0.3 : 0.02) ? Side.FAILING : Side.PASSING;
        String client = night && random.nextInt(10) < 8 ? "night" : "day";
        sightings.add(Sighting.of("r" + i, side, night ? "night" : "day", Map.of("client", Reading.of(client), "field:x", Reading.of(random.nextGaussian()))));
      }
      accused += contrast.explain(sightings).explanations().isEmpty() ? 0 : 1;
    }
    assertThat(accused).as("of 40, seed %d", SEED).isLessThanOrEqualTo(6);
  }

  @Test
  void aLimitIsMovedToWhereFailuresBegin() {
    Explanation found = only(traffic(2_000, i -> Map.of("field:age", Reading.of((long) random.nextInt(320)), "field:other", Reading.of(random.nextGaussian())),
        readings -> ((Reading.Whole) at(readings, "field:age")).value() >= 249));
    assertThat(found.conditions()).containsExactly(new Condition("field:age", Operator.AT_LEAST, Reading.of(249L)));
    assertThat(found.confidence()).isEqualTo(Confidence.SUPPORTED);
    assertThat(found.coverage()).isEqualTo(1);
    assertThat(found.counts().passingWith()).isZero();
    assertThat(found.oddsRatio().low()).isGreaterThan(100);
    assertThat(found.examples()).hasSize(3);
  }

  @Test
  void theVersionAndALimitTogetherAreFound() {
    Explanation found = only(traffic(3_000,
        i -> Map.of("field:age", Reading.of((long) random.nextInt(100)), "version", Reading.of(random.nextBoolean() ? "7" : "6"), "client", Reading.of("c" + i % 5)),
        readings -> at(readings, "version").equals(Reading.of("7")) && ((Reading.Whole) at(readings, "field:age")).value() >= 80));
    assertThat(found.conditions()).containsExactlyInAnyOrder(equal("version", "7"), new Condition("field:age", Operator.AT_LEAST, Reading.of(80L)));
  }

  @Test
  void whatIsWrongWithAValueIsNamed() {
    assertThat(oddity(Reading.MISSING)).isEqualTo(Condition.is("field:x", Trait.MISSING));
    assertThat(oddity(Reading.NULL)).isEqualTo(Condition.equal("field:x", Reading.NULL));
    assertThat(oddity(Reading.of(Double.NaN))).isEqualTo(Condition.equal("field:x", Reading.of(Double.NaN)));
    assertThat(oddity(Reading.of(Double.NEGATIVE_INFINITY))).isEqualTo(Condition.equal("field:x", Reading.of(Double.NEGATIVE_INFINITY)));
    assertThat(oddity(Reading.of("12,5"))).isEqualTo(Condition.is("field:x", Trait.DECIMAL_COMMA));
    assertThat(oddity(Reading.of("null"))).isEqualTo(Condition.is("field:x", Trait.NULL_TEXT));
    assertThat(oddity(Reading.of("12.5"))).isEqualTo(Condition.is("field:x", Trait.NUMERIC_TEXT));
    assertThat(oddity(Reading.of("MÃ¼nchen"))).isEqualTo(Condition.is("field:x", Trait.MOJIBAKE));
    assertThat(oddity(Reading.of("Mu\u0308nchen"))).isEqualTo(Condition.is("field:x", Trait.NOT_NFC));
    assertThat(oddity(Reading.of(""))).isEqualTo(Condition.is("field:x", Trait.EMPTY));
    assertThat(oddity(Reading.of(true))).isEqualTo(Condition.equal("field:x", Reading.of(true)));
  }

  private Condition oddity(Reading odd) {
    return only(traffic(1_000, i -> Map.of("field:x", i % 40 == 0 ? odd : Reading.of(random.nextGaussian()), "client", Reading.of("c" + random.nextInt(5))),
        readings -> at(readings, "field:x").equals(odd))).conditions().getFirst();
  }

  @Test
  void valuesInAnotherUnitAreNamed() {
    Explanation found = only(traffic(1_000, i -> Map.of("field:kg", Reading.of((70 + random.nextGaussian()) * (i % 20 == 0 ? 2.2046 : i % 20 == 1 ? 1.5 : 1))),
        readings -> ((Reading.Real) at(readings, "field:kg")).value() > 140));
    assertThat(found.conditions().getFirst().dimension()).isEqualTo("field:kg");
  }

  @Test
  void theLengthOfASequenceIsALimitOnItsAxis() {
    Explanation found = only(traffic(2_000, i -> Map.of("shape:ids", new Reading.Extents(List.of(1L, (long) random.nextInt(5_000)))),
        readings -> ((Reading.Extents) at(readings, "shape:ids")).value().getLast() >= 4_097));
    assertThat(found.conditions()).singleElement().satisfies(condition -> {
      assertThat(condition.operator()).isEqualTo(Operator.AT_LEAST);
      assertThat(((Reading.Whole) condition.value()).value()).isBetween(4_097L, 4_150L);
    });
  }

  @Test
  void whatTheDataCannotTellApartIsNamedAfterTheLikelierCause() {
    Explanation found = only(traffic(1_000, i -> {
      boolean bad = i % 10 == 0;
      return Map.of("client", Reading.of(bad ? "new" : "old"), "version", Reading.of(bad ? "2" : "1"), "hour", Reading.of(bad ? 3L : 4L));
    }, readings -> at(readings, "version").equals(Reading.of("2"))));
    assertThat(found.conditions()).containsExactly(equal("version", "2"));
    assertThat(found.equivalents()).contains(equal("client", "new"));
  }

  @Test
  void oneRowOfABatchIsEnough() {
    var sightings = new ArrayList<Sighting>();
    for (int i = 0; i < 600; i++) {
      var rows = new ArrayList<Reading>();
      for (int row = 0; row < 8; row++) {
        rows.add(Reading.of(random.nextDouble()));
      }
      boolean bad = i % 20 == 0;
      rows.set(random.nextInt(8), bad ? Reading.of(Double.NaN) : Reading.of(0.5));
      sightings.add(new Sighting("r" + i, bad ? Side.FAILING : Side.PASSING, 1, "s", Map.of("field:x", rows)));
    }
    assertThat(only(sightings).conditions()).containsExactly(Condition.equal("field:x", Reading.of(Double.NaN)));
  }

  @Test
  void rareValuesAmongTenThousandsAreNoBurden() {
    Explanation found = only(traffic(20_000, i -> {
      Map<String, Reading> readings = new LinkedHashMap<>();
      for (int field = 0; field < 5; field++) {
        readings.put("field:id" + field, Reading.of("id-" + (field * 20_000 + i)));
      }
      readings.put("field:country", Reading.of(i % 500 == 0 ? "Atlantis-" + i : "country-" + i % 40));
      return readings;
    }, readings -> at(readings, "field:country").toString().contains("Atlantis")));
    assertThat(found.conditions()).containsExactly(Condition.is("field:country", Trait.RARE));
  }

  @Test
  void aFieldAmongAThousandIsFound() {
    Explanation found = only(traffic(500, i -> {
      Map<String, Reading> readings = new LinkedHashMap<>();
      for (int field = 0; field < 1_000; field++) {
        readings.put("field:f" + field, Reading.of(random.nextGaussian()));
      }
      return readings;
    }, readings -> ((Reading.Real) at(readings, "field:f617")).value() < -1.2));
    assertThat(found.conditions().getFirst().dimension()).isEqualTo("field:f617");
  }

  @Test
  void thereIsNothingToSayWithoutBothSides() {
    assertThat(contrast.explain(List.of()).explanations()).isEmpty();
    assertThat(contrast.explain(traffic(100, this::anyTraffic, _ -> true)).explanations()).isEmpty();
    assertThat(contrast.explain(traffic(100, this::anyTraffic, _ -> false)).explanations()).isEmpty();
    Attribution constant = contrast.explain(traffic(100, _ -> Map.of("version", Reading.of("1")), _ -> random.nextBoolean()));
    assertThat(constant.items()).isZero();
    assertThat(constant.explanations()).isEmpty();
    assertThat(contrast.explain(traffic(100, _ -> Map.of(), _ -> random.nextBoolean())).explanations()).isEmpty();
  }

  private Map<String, Reading> anyTraffic(int ignored) {
    return new Traffic(random).readings();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void fewerThanThreeFailuresProveNothing(int failing) {
    assertThat(contrast.explain(traffic(1_000, i -> Map.of("client", Reading.of(i < failing ? "bad" : "good")), readings -> at(readings, "client").equals(Reading.of("bad")))).explanations()).isEmpty();
  }

  @Test
  void failuresWhoseStratumHasNoPassingRequestProveNothing() {
    List<Sighting> sightings = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      boolean bad = i % 10 == 0;
      sightings.add(Sighting.of("r" + i, bad ? Side.FAILING : Side.PASSING, bad ? "bad" : "good", Map.of("client", Reading.of(bad ? "a" : "b"))));
    }
    assertThat(contrast.explain(sightings).explanations()).isEmpty();
  }

  @Test
  void weightsChangeTheOddsAndNotTheCounts() {
    var light = new ArrayList<Sighting>();
    var heavy = new ArrayList<Sighting>();
    for (int i = 0; i < 400; i++) {
      boolean marked = i % 4 == 0;
      Side side = marked && i % 8 == 0 ? Side.FAILING : Side.PASSING;
      Map<String, List<Reading>> readings = Map.of("client", List.of(Reading.of(marked ? "a" : "b")));
      light.add(new Sighting("r" + i, side, 1, "s", readings));
      heavy.add(new Sighting("r" + i, side, side == Side.PASSING && !marked ? 10 : 1, "s", readings));
    }
    Explanation even = only(light);
    Explanation weighted = only(heavy);
    assertThat(weighted.counts()).isEqualTo(even.counts());
    assertThat(weighted.oddsRatio().value()).isGreaterThan(even.oddsRatio().value());
  }

  @Test
  void hypothesesAreGivenEvenWhereNothingIsClaimed() {
    Attribution found = contrast.explain(new Traffic(random).of(300, _ -> 0.05));
    assertThat(found.hypotheses()).isNotEmpty().hasSizeLessThanOrEqualTo(Contrast.HYPOTHESES_MAX);
    assertThat(found.hypotheses()).isSortedAccordingTo((a, b) -> Double.compare(b.logLikelihoodRatio(), a.logLikelihoodRatio()));
  }

  private Explanation only(List<Sighting> sightings) {
    List<Explanation> found = contrast.explain(sightings).explanations();
    assertThat(found).as("seed %d", SEED).hasSize(1);
    return found.getFirst();
  }

  private static List<Sighting> traffic(int count, IntFunction<Map<String, Reading>> readings, Function<Map<String, Reading>, Boolean> fails) {
    var sightings = new ArrayList<Sighting>();
    for (int i = 0; i < count; i++) {
      Map<String, Reading> each = readings.apply(i);
      sightings.add(Sighting.of("request-" + i, fails.apply(each) ? Side.FAILING : Side.PASSING, "stratum-" + i * 4 / count, each));
    }
    return sightings;
  }

  private static Reading at(Map<String, Reading> readings, String dimension) {
    return Objects.requireNonNull(readings.get(dimension), dimension);
  }

  private static boolean meets(Map<String, Reading> readings, Set<Condition> conditions) {
    return conditions.stream().allMatch(condition -> condition.value().equals(readings.get(condition.dimension())));
  }

  private static Condition equal(String dimension, String value) {
    return Condition.equal(dimension, Reading.of(value));
  }
}
