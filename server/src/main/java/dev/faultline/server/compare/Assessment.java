package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturedFault;
import dev.faultline.isolation.attribute.Contrast;
import dev.faultline.isolation.attribute.ContrastSettings;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.keep.Redactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/// One comparison: reads both sides, makes them comparable, and asks attribution what separates them.
///
/// What the two were selected by is no finding, so those dimensions are left out. Labels are shuffled within hours, so that what merely went with the
/// time of day is not blamed; where the two sides share too few hours for that they are compared over all of them.
final class Assessment {
  /// A baseline of the same hours is used from so many on, otherwise one of any time.
  private static final int SAME_HOURS_MIN = 50;
  /// The smallest p that labels shuffled within hours must be able to reach.
  private static final double REACHABLE = 0.001;

  private final ComparisonOrder order;
  private final Gathering gathering;
  private final Redactions redactions;
  private final RandomGenerator random;

  Assessment(ComparisonOrder order, Gathering gathering, Redactions redactions, RandomGenerator random) {
    this.order = order;
    this.gathering = gathering;
    this.redactions = redactions;
    this.random = random;
  }

  /// How many requests have been read so far.
  interface Progress {
    void read(int selected, int baseline);
  }

  ComparisonFinding run(Progress progress) {
    Side selected = gathering.side(order.selection(), Sighting.Side.FAILING, order.limit(), count -> progress.read(count, 0));
    Side others = baseline(selected, count -> progress.read(selected.size(), count));
    Side baseline = others.without(selected);
    boolean byContent = selected.isMostlyDecoded() && baseline.isMostlyDecoded();
    int overlap = others.size() - baseline.size();
    return byContent ? compared(selected.decodedOnly(), baseline.decodedOnly(), overlap, true) : compared(selected, baseline, overlap, false);
  }

  private ComparisonFinding compared(Side selected, Side baseline, int overlap, boolean byContent) {
    var redaction = redactions.of(selected.seen().stream().findFirst().map(each -> each.capture().version()).orElse(ResolvedVersion.NONE));
    if (selected.size() < ComparisonFinding.SELECTED_MIN || baseline.size() < ComparisonFinding.BASELINE_MIN) {
      return new ComparisonFinding(selected, baseline, overlap, byContent, false, List.of(), redaction);
    }
    List<Sighting> sightings = comparable(selected, baseline, byContent);
    boolean pooled = smallestP(sightings) > REACHABLE;
    List<Sighting> used = pooled ? sightings.stream().map(Assessment::ofAnyHour).toList() : sightings;
    var attribution = new Contrast(ContrastSettings.STANDARD, random).explain(used);
    return new ComparisonFinding(selected, baseline, overlap, byContent, pooled, List.of(attribution), redaction);
  }

  /// Where nothing was said of the baseline, those that came in the same hours as what failed, when there are enough.
  private Side baseline(Side selected, IntConsumer progress) {
    if (!order.chosen() && order.selection().isOfFailures()) {
      Side besides = gathering.side(selected.besides(order.baseline()), Sighting.Side.PASSING, order.limit(), progress);
      if (besides.size() >= SAME_HOURS_MIN) {
        return besides;
      }
    }
    return gathering.side(order.baseline(), Sighting.Side.PASSING, order.limit(), progress);
  }

  private List<Sighting> comparable(Side selected, Side baseline, boolean byContent) {
    Set<String> left = new HashSet<>(order.selection().dimensions());
    left.addAll(order.baseline().dimensions());
    if (!selected.everyOneMetAVersion() || !baseline.everyOneMetAVersion()) {
      left.add("version");
    }
    boolean severalModels = new HashSet<>(both(selected.models(), baseline.models())).size() > 1;
    var sightings = new ArrayList<Sighting>(selected.size() + baseline.size());
    for (Seen each : both(selected.seen(), baseline.seen())) {
      var readings = new LinkedHashMap<>(each.sighting().readings());
      readings.keySet().removeAll(left);
      if (!byContent) {
        readings.keySet().removeIf(Assessment::isOfContent);
      }
      if (severalModels) {
        readings.put("model", List.of(Reading.of(each.capture().version().model())));
      }
      if (!order.selection().isOfFailures()) {
        readings.put("code", List.of(Reading.of(code(each.capture()))));
      }
      sightings.add(with(each.sighting(), each.sighting().stratum(), readings));
    }
    return sightings;
  }

  private static boolean isOfContent(String dimension) {
    return dimension.startsWith("field:") || dimension.startsWith("shape:") || dimension.equals("batch_size");
  }

  private static String code(Capture capture) {
    return capture.fault().map(CapturedFault::code).orElse("none");
  }

  private static Sighting ofAnyHour(Sighting sighting) {
    return with(sighting, "", sighting.readings());
  }

  private static Sighting with(Sighting from, String stratum, Map<String, List<Reading>> readings) {
    return new Sighting(from.id(), from.side(), from.weight(), stratum, readings);
  }

  private static <T> List<T> both(List<T> some, List<T> others) {
    var both = new ArrayList<>(some);
    both.addAll(others);
    return both;
  }

  /// One in how many ways the labels can lie within their strata: a permutation test cannot say less.
  static double smallestP(List<Sighting> sightings) {
    var sizes = new HashMap<String, int[]>();
    sightings.forEach(each -> sizes.computeIfAbsent(each.stratum(), _ -> new int[2])[each.isFailing() ? 0 : 1]++);
    double logarithm = 0;
    for (int[] size : sizes.values()) {
      for (int i = 1; i <= Math.min(size[0], size[1]); i++) {
        logarithm += Math.log((double) (size[0] + size[1] - i + 1) / i);
      }
    }
    return Math.exp(-logarithm);
  }
}
