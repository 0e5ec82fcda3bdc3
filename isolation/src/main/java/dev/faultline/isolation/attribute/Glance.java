package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Confidence;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// One look at a list of sightings: its items, its labels, and the conjunctions over them.
final class Glance {
  private static final int EXAMPLES_MAX = 3;

  private final List<Sighting> sightings;
  private final ItemSet set;
  private final Labels labels;
  private final LogLikelihood likelihood;
  private final Conjunctions conjunctions;
  private final Marked marked;
  private final Bits failing;

  Glance(List<Sighting> sightings, ContrastSettings settings) {
    this.sightings = sightings;
    set = ItemSet.of(sightings);
    labels = new Labels(sightings);
    int[] rows = labels.failing();
    likelihood = new LogLikelihood(sightings.size(), rows.length);
    conjunctions = new Conjunctions(set, likelihood, settings);
    marked = new Marked(set, rows.length);
    marked.mark(rows);
    failing = new Bits(sightings.size());
    IntStream.of(rows).forEach(failing::set);
  }

  int failingCount() {
    return likelihood.failing();
  }

  int items() {
    return set.items().size();
  }

  int itemsLeftOut() {
    return set.leftOut();
  }

  List<Hypothesis> hypotheses() {
    marked.mark(labels.failing());
    return conjunctions.hypotheses(marked, Contrast.HYPOTHESES_MAX);
  }

  /// The conjunction that separates best, whether that means anything or not.
  Optional<Candidate> best() {
    marked.mark(labels.failing());
    return conjunctions.best(marked);
  }

  /// The probability of separating as well by chance.
  double p(Candidate candidate, int shuffles, RandomGenerator random) {
    return new Permutations(labels, marked, random).p(conjunctions.reach(candidate.score()), shuffles);
  }

  /// What the candidate is, precisely.
  Found found(Candidate candidate) {
    List<Item> terms = Terms.of(candidate, set, likelihood, failing);
    return new Found(terms, terms.stream().map(Item::rows).reduce(Bits.all(sightings.size()), Bits::and));
  }

  /// An accepted conjunction and the rows that meet it.
  final class Found {
    private final List<Item> terms;
    private final Bits covered;

    private Found(List<Item> terms, Bits covered) {
      this.terms = terms;
      this.covered = covered;
    }

    Explanation explanation(double score, Confidence confidence, double p, int failingInAll) {
      var table = Table.of(sightings, covered);
      return new Explanation(
          terms.stream().map(Item::condition).toList(),
          confidence,
          table.counts(),
          table.oddsRatio(),
          p,
          (double) table.counts().failingWith() / failingInAll,
          score,
          table.ochiai(),
          rows(covered).filter(failing::get).limit(EXAMPLES_MAX).mapToObj(row -> sightings.get(row).id()).toList(),
          terms.stream().flatMap(term -> term.equivalents().stream()).toList());
    }

    /// The sightings that do not meet it.
    List<Sighting> rest() {
      return rows(covered.not()).mapToObj(sightings::get).toList();
    }
  }

  private static IntStream rows(Bits bits) {
    return IntStream.range(0, bits.rows()).filter(bits::get);
  }
}
