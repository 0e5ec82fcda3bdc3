package dev.faultline.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CarriedContextTest {
  @Test
  void baggageKeepsWhatItsSpecificationAllows() {
    assertThat(CarriedContext.baggage("user=alice, tenant = t%201;ttl=5;secret")).isEqualTo("user=alice,tenant = t%201;ttl=5;secret");
  }

  @Test
  void aMalformedMemberIsLeftOutAndTheOthersGoOn() {
    assertThat(CarriedContext.baggage("good=1,bad value=2,=3,none,also=4")).isEqualTo("good=1,also=4");
    assertThat(CarriedContext.state("vendor=a,UPPER=b,other=c")).isEqualTo("vendor=a,other=c");
  }

  @Test
  void baggageEndsAt180MembersAndAt8KiB() {
    String many = IntStream.range(0, 500).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    String long1 = "a=" + "x".repeat(8_189) + ",b=1";

    assertThat(CarriedContext.baggage(many).split(",")).hasSize(180);
    assertThat(CarriedContext.baggage(long1)).hasSize(8_191);
    assertThat(CarriedContext.baggage("a=" + "x".repeat(9_000))).isEmpty();
  }

  @Test
  void noTextTakesLongOrComesBackLongerThanItWas() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      String text = random.ints(random.nextInt(3_000), 0, 6).mapToObj(c -> String.valueOf("a=;, \"".charAt(c))).collect(Collectors.joining());
      assertThat(CarriedContext.baggage(text).length()).as("seed %d, round %d", seed, i).isLessThanOrEqualTo(text.length());
    }
  }
}
