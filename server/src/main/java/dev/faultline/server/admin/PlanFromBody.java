package dev.faultline.server.admin;

import dev.faultline.rollout.RolloutPlan;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A rollout's plan as a caller sends it, every number within its bounds. Which versions there are is asked later.
final class PlanFromBody {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
  private static final int STEPS_MAX = 20;
  private static final double MINUTES_MAX = 60 * 24 * 30;
  /// Without a word about it a rollout takes at least this part of its longest time.
  private static final double TIME_MIN_PART = 1 / 12.0;

  private PlanFromBody() {}

  static RolloutPlan of(Body body) {
    double shadow = shadow(body);
    boolean isShadowAlone = shadow > 0 && !body.has("steps");
    Duration longest = minutes(body, "max_minutes", RolloutPlan.TIME_MAX_DEFAULT);
    Duration least = Duration.ofMillis((long) (longest.toMillis() * TIME_MIN_PART));
    Duration shortest = minutes(body, "min_minutes", least.compareTo(RolloutPlan.TIME_MIN_DEFAULT) < 0 ? least : RolloutPlan.TIME_MIN_DEFAULT);
    if (shortest.compareTo(longest) > 0) {
      throw Refusal.badRequest("'min_minutes' is more than 'max_minutes' (expected: at most " + longest.toMillis() / 60e3 + ")");
    }
    return new RolloutPlan(
        body.text("model"),
        body.version("candidate"),
        body.optionalVersion("baseline").orElse(""),
        shadow,
        isShadowAlone ? List.of() : steps(body),
        key(body),
        (int) body.whole("min_requests", RolloutPlan.REQUESTS_MIN_DEFAULT, 1, 10_000_000),
        shortest,
        longest,
        body.number("slo_ms", Double.POSITIVE_INFINITY, .001, 3_600_000));
  }

  private static double shadow(Body body) {
    double share = body.number("shadow", 0, 0, 1);
    if (body.has("shadow") && share == 0 && !body.has("steps")) {
      throw body.wrong("shadow", "a share above 0, such as 0.1, or steps for a canary");
    }
    return share;
  }

  private static List<Double> steps(Body body) {
    List<Double> steps = body.numbers("steps", RolloutPlan.STEPS_DEFAULT);
    boolean rising = steps.stream().allMatch(step -> step > 0 && step <= 100);
    for (int i = 1; i < steps.size(); i++) {
      rising &= steps.get(i) > steps.get(i - 1);
    }
    if (!rising || steps.isEmpty() || steps.size() > STEPS_MAX || steps.getFirst() >= 100) {
      throw body.wrong("steps", "1 to " + STEPS_MAX + " rising percentages, the first below 100: at 100 there is no baseline to compare with");
    }
    return steps;
  }

  private static String key(Body body) {
    String key = body.optionalText("key").orElse("");
    if (!key.isEmpty() && (!HEADER.matcher(key).matches() || key.toLowerCase(Locale.ROOT).endsWith("-bin"))) {
      throw body.wrong("key", "the name of a header, such as X-User-Id");
    }
    return key.toLowerCase(Locale.ROOT);
  }

  private static Duration minutes(Body body, String name, Duration absent) {
    return body.has(name) ? Duration.ofMillis(Math.round(body.number(name, 0, 0, MINUTES_MAX) * 60_000)) : absent;
  }
}
