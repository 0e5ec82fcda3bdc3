package dev.faultline.evaluation.fault;

import static dev.faultline.evaluation.fault.Recipe.fault;

import dev.faultline.evaluation.model.Accounts;
import dev.faultline.evaluation.model.Cohort;
import dev.faultline.evaluation.model.Pairwise;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Faults that neither an input nor a version explains alone: neighbours, load, chance.
final class ServerFaults {
  private ServerFaults() {}

  static List<Recipe> all() {
    return List.of(
        fault("lone-row", Kind.SILENT, ServerFaults::loneRow),
        fault("slow-when-long", Kind.UNSTABLE, ServerFaults::slowWhenLong),
        fault("queue-overflow", Kind.UNSTABLE, ServerFaults::queueOverflow),
        fault("shared-buffer", Kind.UNSTABLE, ServerFaults::sharedBuffer),
        fault("flaky-step", Kind.UNSTABLE, ServerFaults::flakyStep));
  }

  private static Case loneRow(long seed) {
    var family = new Cohort(seed);
    Truth truth = Truth.of(Cause.BATCH_INTERACTION).stages("CHECK", "INFER").nodes("/cohort/divide", "/cohort/variance", "/cohort/mean");
    Planted planted = Planted.input(43, "lone-row", truth, (request, random) -> request.with(Cohort.of(random, 1)))
        .kind(Kind.SILENT).covering(request -> request.batch() == 1);
    return Case.of(family, Versions.sound(family, 2), planted);
  }

  private static Case slowWhenLong(long seed) {
    var family = new Pairwise(seed);
    Truth truth = Truth.of(Cause.RESOURCE).stages("INFER", "QUEUE").fields(Place.of(Pairwise.TENSOR)).nodes("/pairs", "/pairs/sin", "/pairs/exp", "/pairs/tanh", "/pairs/mean");
    Planted planted = Planted.input(37, "slow-when-long", truth,
        (request, random) -> request.with(Pairwise.of(random, Pairwise.LONG + random.nextInt(500)))).kind(Kind.UNSTABLE);
    return Case.of(family, Versions.sound(family, 2), planted).in(Case.Manner.ONE_BY_ONE);
  }

  private static Case queueOverflow(long seed) {
    var family = new Pairwise(seed);
    Planted planted = new Planted("queue-overflow", 41, Kind.UNSTABLE, Truth.of(Cause.RESOURCE).stages("QUEUE"), Planted.Exposure.INPUT, Set.of(),
        (request, random) -> request.with(Pairwise.of(random, 500)), _ -> true);
    return Case.of(family, Versions.sound(family, 1), planted).in(Case.Manner.CROWDED)
        .with(Map.of("limits.instances", "1", "limits.queue_capacity", "3"));
  }

  private static Case sharedBuffer(long seed) {
    var family = new Accounts(seed, "  - {name: normalise_rating, step: evaluation-shared-buffer, input: rating}\n");
    Planted planted = Planted.unstable(39, "shared-buffer", Truth.of(Cause.CONCURRENCY).stages("PREPROCESS").step("normalise_rating"));
    return Case.of(family, Versions.sound(family, 2), planted).in(Case.Manner.CROWDED);
  }

  private static Case flakyStep(long seed) {
    var family = new Accounts(seed, flaky(0.04, seed));
    return Case.of(family, Versions.sound(family, 2), Planted.unstable(0, "flaky-step", Truth.of(Cause.FLAKY).stages("PREPROCESS").step("enrich")));
  }

  static String flaky(double probability, long seed) {
    return "  - {name: enrich, step: evaluation-flaky, input: rating, probability: " + probability + ", seed: " + (seed & 0xffff) + "}\n";
  }

}
