package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The terms of an accepted conjunction, with limits moved from the nearest quantile to where failing requests begin, and without the
/// terms that are then no longer needed.
///
/// The test has been passed by the conjunction of the coarse items; this only says more precisely what it is.
final class Terms {
  private final ItemSet set;
  private final LogLikelihood likelihood;
  private final Bits failing;
  private final List<Item> items;

  private Terms(ItemSet set, LogLikelihood likelihood, Bits failing, List<Item> items) {
    this.set = set;
    this.likelihood = likelihood;
    this.failing = failing;
    this.items = items;
  }

  static List<Item> of(Candidate candidate, ItemSet set, LogLikelihood likelihood, Bits failing) {
    List<Item> coarse = candidate.items().stream().map(set.items()::get).toList();
    List<Item> sharp = new Terms(set, likelihood, failing, coarse).sharpened();
    List<Item> fewer = new Terms(set, likelihood, failing, sharp).pruned();
    return fewer.size() == sharp.size() ? sharp : new Terms(set, likelihood, failing, fewer).sharpened();
  }

  private List<Item> sharpened() {
    var sharp = new ArrayList<>(items);
    for (int i = 0; i < sharp.size(); i++) {
      if (sharp.get(i).hasLimit()) {
        sharp.set(i, sharpened(sharp.get(i), together(without(sharp, i))));
      }
    }
    return sharp;
  }

  /// Moves the limit over all values, from the far end inwards, and keeps it where it separates best.
  private Item sharpened(Item item, Bits others) {
    Condition condition = item.condition();
    Numbers numbers = set.numbers().get(condition.dimension());
    if (numbers == null) {
      return item;
    }
    boolean up = condition.operator() == Operator.AT_LEAST;
    double best = bestLimit(numbers, others, up);
    if (Double.isNaN(best)) {
      return item;
    }
    Bits rows = numbers.rows(set.rows(), value -> up ? value >= best : value <= best);
    return new Item(new Condition(condition.dimension(), condition.operator(), numbers.reading(best)), rows, rows.count(), List.of());
  }

  private double bestLimit(Numbers numbers, Bits others, boolean up) {
    int[] inwards = inwards(numbers, others, up);
    var seen = new Bits(set.rows());
    int rows = 0;
    int failed = 0;
    double best = Double.NaN;
    double bestRatio = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < inwards.length; i++) {
      int row = numbers.row(inwards[i]);
      if (!seen.get(row)) {
        seen.set(row);
        rows++;
        failed += failing.get(row) ? 1 : 0;
      }
      boolean last = i + 1 == inwards.length || numbers.at(inwards[i + 1]) != numbers.at(inwards[i]);
      if (last && likelihood.isRaised(failed, rows) && likelihood.of(failed, rows) > bestRatio) {
        bestRatio = likelihood.of(failed, rows);
        best = numbers.at(inwards[i]);
      }
    }
    return best;
  }

  private static int[] inwards(Numbers numbers, Bits others, boolean up) {
    Comparator<Integer> byValue = Comparator.comparingDouble(numbers::at);
    return IntStream.range(0, numbers.size())
        .filter(entry -> others.get(numbers.row(entry)) && !Double.isNaN(numbers.at(entry)))
        .boxed()
        .sorted(up ? byValue.reversed() : byValue)
        .mapToInt(entry -> entry)
        .toArray();
  }

  /// Leaves out terms as long as the score is no worse without them.
  private List<Item> pruned() {
    List<Item> left = items;
    for (int i = 0; i < left.size() && left.size() > 1; ) {
      List<Item> fewer = without(left, i);
      if (score(fewer) >= score(left)) {
        left = fewer;
        i = 0;
      } else {
        i++;
      }
    }
    return left;
  }

  private double score(List<Item> terms) {
    Bits rows = together(terms);
    int count = rows.count();
    int failed = rows.countAnd(failing);
    return likelihood.isRaised(failed, count) ? likelihood.of(failed, count) - Conjunctions.penalty(set.items().size(), terms.size()) : Double.NEGATIVE_INFINITY;
  }

  private Bits together(List<Item> terms) {
    return terms.stream().map(Item::rows).reduce(Bits.all(set.rows()), Bits::and);
  }

  private static List<Item> without(List<Item> terms, int index) {
    var fewer = new ArrayList<>(terms);
    fewer.remove(index);
    return fewer;
  }
}
