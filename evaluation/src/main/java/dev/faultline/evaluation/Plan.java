package dev.faultline.evaluation;

import dev.faultline.evaluation.fault.Catalogue;
import dev.faultline.evaluation.fault.Case.Manner;
import dev.faultline.evaluation.fault.Recipe;
import dev.faultline.evaluation.fault.Recipe.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Which trials are run.
final class Plan {
  private static final double[] BACKGROUNDS = {0.001, 0.005};
  private static final int FAULTY_MIN = 500;
  private static final int HEALTHY_COUNT = 600;
  private static final int HEALTHY_WINDOWS = 2;
  private static final int SMALL_COUNT = 250;
  private static final double SMALL_PREVALENCE = 0.06;

  /// Faults of the small run: one of each way to fail that does not depend on the machine.
  private static final Set<String> SMALL = Set.of(
      "nan-refused", "unseen-category", "divide-by-zero", "int32-overflow", "negative-to-log", "data-twice", "scaler-swapped", "epsilon-negative-in-chain", "table-cut");

  /// Settings of the small run: with a bounded sample, or with seconds to spend, what is found would depend on the machine's speed.
  static final Map<String, String> SMALL_SETTINGS = Map.of("capture.sample_per_second", "100000", "isolation.time_max", "300s");

  private Plan() {}

  /// Every recipe that is asked for, at every prevalence, so many times; healthy windows twice as often and without prevalence.
  static List<Trial> full(List<Recipe> recipes, Predicate<Recipe> wanted, List<Double> prevalences, int repetitions, long seed) {
    var trials = new ArrayList<Trial>();
    for (Recipe recipe : recipes.stream().filter(wanted).toList()) {
      for (int i = 0; i < repetitions; i++) {
        add(trials, recipe, prevalences, seed + 1_000L * i);
      }
    }
    return trials;
  }

  static List<Trial> small() {
    return Catalogue.all().stream()
        .filter(recipe -> SMALL.contains(recipe.id()))
        .map(recipe -> new Trial(recipe, SMALL_PREVALENCE, 0, SMALL_COUNT, 7))
        .toList();
  }

  private static void add(List<Trial> trials, Recipe recipe, List<Double> prevalences, long seed) {
    if (recipe.suite() == Suite.HEALTHY) {
      for (int i = 0; i < HEALTHY_WINDOWS; i++) {
        trials.add(new Trial(recipe, 0, 0, HEALTHY_COUNT, mixed(recipe, seed + i)));
      }
      return;
    }
    for (int i = 0; i < prevalences.size(); i++) {
      double prevalence = isCostly(recipe, seed) ? Math.max(prevalences.get(i), 0.05) : prevalences.get(i);
      trials.add(new Trial(recipe, prevalence, BACKGROUNDS[i % BACKGROUNDS.length], FAULTY_MIN, mixed(recipe, seed + i)));
    }
  }

  /// Traffic that crowds or is sent one by one would take minutes at a small prevalence.
  private static boolean isCostly(Recipe recipe, long seed) {
    return recipe.make().apply(seed).manner() != Manner.ORDINARY;
  }

  private static long mixed(Recipe recipe, long seed) {
    return seed * 1_000_003 + recipe.id().hashCode();
  }
}
