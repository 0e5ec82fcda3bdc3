package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Finds what distinguishes the failing from the passing requests of one group, and says nothing where nothing does.
///
/// 1. Every dimension gives items: frequent values, limits, and traits such as missing, NaN or of the wrong JSON type. Items that hold
///    for the same requests are one item, named after what is more likely a cause: a version before a field before a client.
/// 2. Single items, pairs, and the best pairs with a third are scored by their log-likelihood ratio, less the logarithm of how many there
///    are of their order.
/// 3. The best score is compared with the best of shuffled labels, shuffled only among requests of the same stratum. So the probability
///    of accusing a healthy group is at most alpha, however many dimensions there are and however they hang together.
/// 4. What one cause explains is set aside and the rest looked at again, with less alpha, for up to a few causes.
/// 5. A group that is looked at again as it grows spends alpha * 6 / (pi^2 j^2) on look j, which adds up to alpha.
///
/// Westfall and Young, "Resampling-based multiple testing" (1993); Bay and Pazzani, "Detecting group differences: mining contrast sets"
/// (2001). Single threaded; takes no more than the limits below allow.
public final class Contrast {
  /// Sightings that are looked at. Of more, evenly spaced ones.
  public static final int SIGHTINGS_MAX = 20_000;
  /// Failing sightings that are looked at: more would not make the answer surer.
  public static final int FAILING_MAX = 2_000;
  /// Hypotheses that are returned.
  public static final int HYPOTHESES_MAX = 25;

  private final ContrastSettings settings;
  private final RandomGenerator random;

  public Contrast(ContrastSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /// Looks for the first and only time.
  public Attribution explain(List<Sighting> sightings) {
    return explain(sightings, 1);
  }

  /// Looks for the `look`-th time (from 1) at a group that grows, such as at 10, 20, 40, ... failing requests.
  public Attribution explain(List<Sighting> sightings, int look) {
    List<Sighting> used = Thinning.of(sightings, FAILING_MAX, SIGHTINGS_MAX);
    var first = new Glance(used, settings);
    var explanations = new ArrayList<Explanation>();
    Optional<List<Sighting>> rest = explainOne(first, spent(look, 0), first.failingCount(), explanations);
    for (int cause = 1; cause < settings.causesMax() && rest.isPresent(); cause++) {
      rest = explainOne(new Glance(rest.orElseThrow(), settings), spent(look, cause), first.failingCount(), explanations);
    }
    int failing = first.failingCount();
    return new Attribution(
        explanations.subList(0, Math.min(explanations.size(), settings.explanationsMax())), first.hypotheses(), failing, used.size() - failing,
        first.items(), first.itemsLeftOut());
  }

  /// The part of alpha that this look at this cause may use.
  private static double spent(int look, int cause) {
    return 6 / (Math.PI * Math.PI * look * look) / (cause + 1);
  }

  /// Adds the best explanation, if it is one, and returns what it leaves unexplained, if that can be explained at all.
  private Optional<List<Sighting>> explainOne(Glance glance, double spent, int failingInAll, List<Explanation> explanations) {
    Optional<Candidate> best = glance.best();
    if (best.isEmpty()) {
      return Optional.empty();
    }
    double p = Math.min(1, glance.p(best.get(), shuffles(spent), random) / spent);
    if (p > settings.alphaSuspected()) {
      return Optional.empty();
    }
    Glance.Found found = glance.found(best.get());
    explanations.add(found.explanation(best.get().score(), p <= settings.alphaSupported() ? Confidence.SUPPORTED : Confidence.SUSPECTED, p, failingInAll));
    List<Sighting> rest = found.rest();
    return Optional.of(rest).filter(some -> some.stream().filter(Sighting::isFailing).count() >= Conjunctions.FAILING_MIN);
  }

  private int shuffles(double spent) {
    double needed = Math.ceil(2 / (settings.alphaSupported() * spent));
    return (int) Math.clamp(needed, settings.permutations(), Math.max(settings.permutations(), Permutations.SHUFFLES_MAX));
  }
}
