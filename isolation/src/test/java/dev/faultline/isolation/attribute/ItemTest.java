package dev.faultline.isolation.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Reading;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ItemTest {
  private static final double SHARE = 0.95;

  @Test
  void twoItemsAreTheSameExactlyWhenTheyShareThatPartOfTheRowsThatMeetEither() {
    long seed = 5;
    var random = new SplittableRandom(seed);
    int same = 0;
    for (int trial = 0; trial < 20_000; trial++) {
      int rows = 1 + random.nextInt(300);
      var one = new Bits(rows);
      var other = new Bits(rows);
      double apart = random.nextDouble() * 0.12;
      int both = 0;
      int either = 0;
      for (int row = 0; row < rows; row++) {
        boolean inOne = random.nextBoolean();
        boolean inOther = inOne != random.nextDouble() < apart;
        both += inOne && inOther ? 1 : 0;
        either += inOne || inOther ? 1 : 0;
        set(one, row, inOne);
        set(other, row, inOther);
      }
      boolean expected = 100L * both >= 95L * either;
      same += expected ? 1 : 0;
      assertThat(item(one).isSameAs(item(other), SHARE)).as("seed %d, trial %d: %d of %d", seed, trial, both, either).isEqualTo(expected);
      assertThat(item(other).isSameAs(item(one), SHARE)).isEqualTo(expected);
    }
    assertThat(same).as("trials on both sides of the border").isBetween(2_000, 18_000);
  }

  private static void set(Bits bits, int row, boolean holds) {
    if (holds) {
      bits.set(row);
    }
  }

  private static Item item(Bits rows) {
    return new Item(Condition.equal("client", Reading.of("a")), rows, rows.count(), List.of());
  }
}
