package dev.faultline.benchmark;

import dev.faultline.isolation.attribute.Attribution;
import dev.faultline.isolation.attribute.Contrast;
import dev.faultline.isolation.attribute.ContrastSettings;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What distinguishes failing from passing requests, for one group: 27 dimensions, about 150 items, five per cent failing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class AttributionBenchmark {
  @Param({"20000"})
  public int requests;

  /// Whether one pair of conditions causes most failures, or nothing does.
  @Param({"true", "false"})
  public boolean planted;

  private List<Sighting> sightings;

  @Setup
  public void make() {
    var random = new SplittableRandom(1);
    sightings = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Map<String, Reading> readings = readings(random);
      boolean caused = planted && readings.get("version").equals(Reading.of("3")) && readings.get("field:category1").equals(Reading.of("value-3"));
      Side side = random.nextDouble() < (caused ? 0.9 : planted ? 0.01 : 0.05) ? Side.FAILING : Side.PASSING;
      sightings.add(Sighting.of("request-" + i, side, "minute-" + i * 6 / requests, readings));
    }
    Attribution found = attribution();
    System.out.printf("items %d, failing %d, passing %d, explanations %s%n", found.items(), found.failing(), found.passing(), found.explanations());
  }

  private static Map<String, Reading> readings(SplittableRandom random) {
    var readings = new LinkedHashMap<String, Reading>();
    readings.put("version", Reading.of(random.nextDouble() < 0.3 ? "3" : "2"));
    for (String dimension : List.of("client", "header:user-agent", "replica", "route", "batch_size", "hour")) {
      readings.put(dimension, Reading.of("value-" + random.nextInt(5)));
    }
    for (int field = 0; field < 10; field++) {
      readings.put("field:category" + field, Reading.of("value-" + random.nextInt(5)));
      readings.put("field:number" + field, random.nextInt(100) == 0 ? Reading.MISSING : Reading.of(50 + 10 * random.nextGaussian()));
    }
    return readings;
  }

  @Benchmark
  public Attribution attribution() {
    return new Contrast(ContrastSettings.STANDARD, new SplittableRandom(2)).explain(sightings);
  }
}
