package dev.faultline.isolation.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// All conjunctions that are looked at: single items, pairs of items, and the best pairs with a third item.
///
/// Which they are, apart from the last, does not depend on labels; the last are chosen anew for each labelling by the same rule. Of very
/// many items only `pairsMax` take part in pairs: traits and texts before limits before single numbers.
final class Conjunctions {
  static final int FAILING_MIN = 3;
  static final int FAILING_MIN_OF_THREE = 5;
  /// A pair below this log-likelihood ratio is not extended.
  static final double BEAM_RATIO_MIN = 2;

  private final ItemSet set;
  private final ContrastSettings settings;
  private final LogLikelihood likelihood;
  private final int[] paired;
  private final int[] first;
  private final int[] second;
  private final int[] rows;
  private final int[] beamFailing;
  private final double[] penalties;

  Conjunctions(ItemSet set, LogLikelihood likelihood, ContrastSettings settings) {
    this.set = set;
    this.settings = settings;
    this.likelihood = likelihood;
    this.paired = settings.orderMax() < 2 ? new int[0] : paired();
    int pairs = paired.length * Math.max(0, paired.length - 1) / 2;
    int[] firsts = new int[pairs];
    int[] seconds = new int[pairs];
    int[] counts = new int[pairs];
    int size = 0;
    for (int i = 0; i < paired.length; i++) {
      for (int j = i + 1; j < paired.length; j++) {
        int both = item(paired[i]).rows().countAnd(item(paired[j]).rows());
        // a pair with as many rows as one of its items is that item
        if (both >= FAILING_MIN && both < Math.min(item(paired[i]).count(), item(paired[j]).count())) {
          firsts[size] = paired[i];
          seconds[size] = paired[j];
          counts[size++] = both;
        }
      }
    }
    first = Arrays.copyOf(firsts, size);
    second = Arrays.copyOf(seconds, size);
    rows = Arrays.copyOf(counts, size);
    beamFailing = leastFailing(BEAM_RATIO_MIN, FAILING_MIN, rows);
    penalties = new double[] {penalty(set.items().size(), 1), penalty(paired.length, 2), penalty(paired.length, 3)};
  }

  /// The logarithm of how many conjunctions of that order there are.
  static double penalty(int items, int order) {
    double all = switch (order) {
      case 1 -> items;
      case 2 -> items * (items - 1.0) / 2;
      default -> (double) items * items * items / 6;
    };
    return Math.log(Math.max(1, all));
  }

  private int[] paired() {
    return IntStream.range(0, set.items().size())
        .boxed()
        .sorted(Comparator.comparingInt(index -> item(index).dispensability()))
        .limit(settings.pairsMax())
        .sorted()
        .mapToInt(index -> index)
        .toArray();
  }

  private Item item(int index) {
    return set.items().get(index);
  }

  /// For each number of rows the least number of failing ones that reaches the ratio.
  private int[] leastFailing(double ratio, int least, int[] rowCounts) {
    var byRows = new int[likelihood.rows() + 1];
    Arrays.fill(byRows, -1);
    return Arrays.stream(rowCounts).map(count -> {
      if (byRows[count] < 0) {
        byRows[count] = likelihood.failingAt(ratio, count, least);
      }
      return byRows[count];
    }).toArray();
  }

  /// Single items by log-likelihood ratio, the best first, only those under which more fail.
  List<Hypothesis> hypotheses(Marked marked, int max) {
    return IntStream.range(0, set.items().size())
        .filter(index -> likelihood.isRaised(marked.count(index), item(index).count()))
        .mapToObj(index -> new Hypothesis(item(index).condition(), likelihood.of(marked.count(index), item(index).count())))
        .sorted(Comparator.comparingDouble(hypothesis -> -hypothesis.logLikelihoodRatio()))
        .limit(max)
        .toList();
  }

  /// The conjunction with the highest score.
  Optional<Candidate> best(Marked marked) {
    var best = new Best();
    for (int index = 0; index < set.items().size(); index++) {
      best.offer(List.of(index), marked.count(index), item(index).count());
    }
    var beam = new Beam(settings.orderMax() < 3 ? 0 : settings.beam());
    for (int pair = 0; pair < first.length; pair++) {
      int failing = marked.count(first[pair], second[pair]);
      if (failing >= beamFailing[pair]) {
        beam.offer(pair, likelihood.of(failing, rows[pair]));
      }
      best.offer(List.of(first[pair], second[pair]), failing, rows[pair]);
    }
    for (int pair : beam.pairs()) {
      extend(pair, marked, best);
    }
    return Optional.ofNullable(best.candidate);
  }

  private void extend(int pair, Marked marked, Best best) {
    Bits both = item(first[pair]).rows().and(item(second[pair]).rows());
    for (int third : paired) {
      int failing = marked.count(first[pair], second[pair], third);
      if (failing >= FAILING_MIN_OF_THREE && third != first[pair] && third != second[pair]) {
        best.offer(List.of(first[pair], second[pair], third), failing, both.countAnd(item(third).rows()));
      }
    }
  }

  private final class Best {
    private @org.jspecify.annotations.Nullable Candidate candidate;
    private double score;

    void offer(List<Integer> items, int failing, int rowCount) {
      if (failing < FAILING_MIN || !likelihood.isRaised(failing, rowCount)) {
        return;
      }
      double now = likelihood.of(failing, rowCount) - penalties[items.size() - 1];
      if (candidate == null || now > score) {
        candidate = new Candidate(items, failing, rowCount, now);
        score = now;
      }
    }
  }

  /// The question whether any conjunction reaches a score, prepared so that most of the answer is counting bits.
  final class Reach {
    private final int[] singleFailing;
    private final int[] pairFailing;
    private final double boundOfThree;
    private final int[] rowsOfThree;
    private final Beam beam = new Beam(settings.orderMax() < 3 ? 0 : settings.beam());

    Reach(double score) {
      double bound = score - 1e-9;
      singleFailing = leastFailing(bound + penalties[0], FAILING_MIN, set.items().stream().mapToInt(Item::count).toArray());
      pairFailing = leastFailing(bound + penalties[1], FAILING_MIN, rows);
      boundOfThree = bound + penalties[2];
      rowsOfThree = IntStream.rangeClosed(0, likelihood.failing()).map(failing -> failing < FAILING_MIN_OF_THREE ? -1 : likelihood.rowsAt(boundOfThree, failing)).toArray();
    }

    boolean isReached(Marked marked) {
      for (int index = 0; index < singleFailing.length; index++) {
        if (marked.count(index) >= singleFailing[index]) {
          return true;
        }
      }
      return isReachedByPairs(marked) || isReachedByThree(marked);
    }

    private boolean isReachedByPairs(Marked marked) {
      beam.clear();
      for (int pair = 0; pair < first.length; pair++) {
        int failing = marked.count(first[pair], second[pair]);
        if (failing >= pairFailing[pair]) {
          return true;
        }
        if (failing >= beamFailing[pair]) {
          beam.offer(pair, likelihood.of(failing, rows[pair]));
        }
      }
      return false;
    }

    private boolean isReachedByThree(Marked marked) {
      for (int pair : beam.pairs()) {
        Bits one = item(first[pair]).rows();
        Bits other = item(second[pair]).rows();
        for (int third : paired) {
          int failing = marked.count(first[pair], second[pair], third);
          int rowsMax = rowsOfThree[failing];
          if (rowsMax >= failing && failing > 0 && one.countAnd(other, item(third).rows(), rowsMax) <= rowsMax) {
            return true;
          }
        }
      }
      return false;
    }
  }

  Reach reach(double score) {
    return new Reach(score);
  }
}
