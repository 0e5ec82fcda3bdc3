package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.truth.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Random;

/// Names anything at all: the floor that a method must be above.
final class Dummy implements Baseline {
  @Override
  public String name() {
    return "Dummy (random)";
  }

  @Override
  public Claim claim(Evidence evidence) {
    var items = new ArrayList<>(new Items(evidence).all());
    items.sort(Comparator.comparing(Item::toString));
    Collections.shuffle(items, new Random(evidence.seed()));
    return ClaimFromItem.of(items, evidence);
  }
}
