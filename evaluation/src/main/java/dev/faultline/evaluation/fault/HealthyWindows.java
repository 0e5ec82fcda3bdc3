package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.fault.Recipe.Suite;
import dev.faultline.evaluation.model.Accounts;
import dev.faultline.evaluation.model.Embeddings;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.model.Release;
import dev.faultline.evaluation.traffic.Client;
import dev.faultline.evaluation.traffic.Crowd;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/// Traffic in which nothing is broken. Each window has requests that fail by chance, because a window without a single fault tempts nobody.
final class HealthyWindows {
  private static final Client NEW_CLIENT = new Client("partner-new", "dart/3.5", "0.1");
  private static final Client HAMMER = new Client("hammer", "python-requests/2.20", "0.0");

  private HealthyWindows() {}

  static List<Recipe> all() {
    return List.of(
        window("stationary", seed -> flaky("stationary", seed, 0.005, Weather.CALM)),
        window("mix-shift", seed -> flaky("mix-shift", seed, 0.005, (request, progress, random) -> progress > 0.5 && random.nextDouble() < 0.6 ? request.from(InputFaults.NEWCOMER) : request)),
        window("new-client", seed -> flaky("new-client", seed, 0.005, (request, progress, random) -> progress > 0.4 && random.nextInt(8) == 0 ? request.from(NEW_CLIENT) : request)),
        window("night-and-day", seed -> flaky("night-and-day", seed, 0.005, HealthyWindows::night)),
        window("random-5xx-0.1", seed -> flaky("random-5xx-0.1", seed, 0.001, Weather.CALM)),
        window("random-5xx-0.5", seed -> flaky("random-5xx-0.5", seed, 0.005, Weather.CALM)),
        window("random-5xx-2", seed -> flaky("random-5xx-2", seed, 0.02, Weather.CALM)),
        window("benign-version", HealthyWindows::benignVersion),
        window("load", seed -> flaky("load", seed, 0.005, Weather.CALM).in(Case.Manner.CROWDED)),
        window("hammer-of-bad-requests", HealthyWindows::hammer),
        window("rare-value", HealthyWindows::rareValue));
  }

  private static Recipe window(String id, LongFunction<Case> make) {
    return new Recipe(id, Kind.UNSTABLE, Suite.HEALTHY, make);
  }

  private static Case flaky(String id, long seed, double probability, Weather weather) {
    Family family = new Accounts(seed, ServerFaults.flaky(probability, seed));
    return Case.healthy(id, family, Versions.sound(family, 2), weather);
  }

  /// At night only the batch client is awake.
  private static Request night(Request request, double progress, RandomGenerator random) {
    boolean dark = (int) (progress * 4) % 2 == 1;
    return dark && random.nextInt(10) < 7 ? request.from(Crowd.all().get(3)) : request;
  }

  /// A new version with the same outputs but for the last digits takes over in the middle.
  private static Case benignVersion(long seed) {
    Family family = new Accounts(seed, ServerFaults.flaky(0.01, seed));
    List<Release> releases = Versions.sound(family, 3);
    return Case.healthy("benign-version", family, releases, (request, progress, _) -> request.to(progress < 0.5 ? "2" : "3"));
  }

  /// A client that never learns: its requests are refused, rightly, and that says nothing about anybody else.
  private static Case hammer(long seed) {
    Family family = new Logistic(seed);
    Weather weather = (request, _, random) -> random.nextInt(5) == 0 ? request.from(HAMMER).with(Input.floats(Logistic.TENSOR, List.of(1, 3), 1, 2, 3)) : request;
    return Case.healthy("hammer-of-bad-requests", family, Versions.sound(family, 2), weather).allowing(Cause.INPUT, Cause.UNKNOWN, Cause.FLAKY);
  }

  /// A value that only one client sends and that harms nobody; some callers give up, whatever they sent.
  private static Case rareValue(long seed) {
    Family family = new Embeddings(seed);
    Weather weather = (request, _, random) -> {
      Request rare = random.nextInt(60) == 0 ? request.from(NEW_CLIENT).with(Input.ofLong("country_idx", 59)) : request;
      return random.nextInt(100) == 0 ? rare.with(Request.Quirk.GIVES_UP) : rare;
    };
    return Case.healthy("rare-value", family, Versions.sound(family, 2), weather).with(Map.of()).allowing(Cause.FLAKY, Cause.UNKNOWN, Cause.RESOURCE);
  }
}
