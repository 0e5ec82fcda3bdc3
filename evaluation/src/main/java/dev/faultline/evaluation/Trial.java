package dev.faultline.evaluation;

import dev.faultline.evaluation.fault.Recipe;

/// One run to be made: a recipe with its circumstances.
///
/// @param prevalence share of the traffic with the fault
/// @param background share of callers who give up at once
/// @param countMin requests at least
record Trial(Recipe recipe, double prevalence, double background, int countMin, long seed) {
  @Override
  public String toString() {
    return recipe.id() + " at " + prevalence + ", seed " + seed;
  }
}
