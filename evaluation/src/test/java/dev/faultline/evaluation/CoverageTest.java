package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.score.Coverage;
import dev.faultline.evaluation.traffic.Crowd;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Condition;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final int AGE = 0;

  private final Logistic family = new Logistic(3);
  private final Coverage coverage = new Coverage(family);
  private final SplittableRandom random = new SplittableRandom(3);

  /// Every fourth has no age, and every other goes to version 2.
  private final List<Request> requests = IntStream.range(0, 200).mapToObj(this::request).toList();

  private Request request(int index) {
    Request sound = Request.sound(index, String.valueOf(1 + index % 2), Crowd.draw(random), family.draw(random));
    return index % 4 == 0 ? sound.with(sound.input(Logistic.TENSOR).with(AGE, Double.NaN)) : sound;
  }

  private double jaccard(Condition... terms) {
    return coverage.jaccard(List.of(terms), requests, Request::spoiled);
  }

  @Test
  void aColumnMayBeCalledByItsNameOrAfterItsTensor() {
    assertThat(jaccard(new Condition("field:age", "=", "NaN"))).isEqualTo(1);
    assertThat(jaccard(new Condition("field:features.age", "is", "nan"))).isEqualTo(1);
    assertThat(jaccard(new Condition("field:features[0]", "=", "NaN"))).isEqualTo(1);
  }

  @Test
  void allTermsMustHold() {
    assertThat(jaccard(new Condition("version", "=", "1"))).isEqualTo(0.5);
    assertThat(jaccard(new Condition("version", "=", "2"), new Condition("field:age", "=", "NaN"))).isEqualTo(0);
  }

  @Test
  void nothingSaidCoversNothing() {
    assertThat(jaccard()).isEqualTo(0);
    assertThat(jaccard(new Condition("moon", "=", "full"))).isEqualTo(0);
  }
}
