package dev.faultline.isolation.attribute;

import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/// Made-up traffic over 27 dimensions: clients that hang together with their header and replica, categories, numbers, rare oddities.
final class Traffic {
  private final RandomGenerator random;

  Traffic(RandomGenerator random) {
    this.random = random;
  }

  /// Requests that fail with the probability that `risk` gives them.
  List<Sighting> of(int count, ToDoubleFunction<Map<String, Reading>> risk) {
    var sightings = new ArrayList<Sighting>();
    for (int i = 0; i < count; i++) {
      Map<String, Reading> readings = readings();
      Side side = random.nextDouble() < risk.applyAsDouble(readings) ? Side.FAILING : Side.PASSING;
      sightings.add(Sighting.of("request-" + i, side, "minute-" + i * 6 / count, readings));
    }
    return sightings;
  }

  Map<String, Reading> readings() {
    var readings = new LinkedHashMap<String, Reading>();
    readings.put("version", Reading.of(random.nextDouble() < 0.3 ? "3" : "2"));
    int client = skewed(8);
    readings.put("client", Reading.of("client-" + client));
    readings.put("header:user-agent", Reading.of("sdk-" + (random.nextDouble() < 0.9 ? client % 4 : random.nextInt(4))));
    readings.put("replica", Reading.of("replica-" + random.nextInt(3)));
    readings.put("hour", Reading.of((long) random.nextInt(6)));
    readings.put("batch_size", Reading.of(1L << random.nextInt(4)));
    readings.put("route", Reading.of("route-" + skewed(3)));
    for (int field = 0; field < 10; field++) {
      readings.put("field:category" + field, Reading.of("value-" + skewed(8)));
    }
    for (int field = 0; field < 10; field++) {
      boolean missing = random.nextDouble() < 0.01;
      readings.put("field:number" + field, missing ? Reading.MISSING : Reading.of(50 + 10 * random.nextGaussian()));
    }
    return readings;
  }

  /// Smaller numbers are more frequent.
  private int skewed(int bound) {
    int one = random.nextInt(bound);
    int other = random.nextInt(bound);
    return Math.min(one, other);
  }
}
