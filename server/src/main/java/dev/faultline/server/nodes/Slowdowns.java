package dev.faultline.server.nodes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What takes longer in one version than in an earlier one, and what takes less.
///
/// Each round gives one difference, both versions having run the same requests in it. A change is named when the whole interval of the median
/// difference lies on one side of 0, with the error shared among all that is compared (Bonferroni), and when it matters: at least
/// [#RATIO_MIN] of what the thing took before, [#RUN_SHARE_MIN] of the whole request on the slower version, and a microsecond, which is as fine
/// as the engine counts. So a node that is only slower because one before it has emptied the processor's caches is not named beside that one.
final class Slowdowns {
  /// How often at most something is named though nothing changed.
  static final double ERROR = 0.05;
  static final double RATIO_MIN = 0.1;
  static final double RUN_SHARE_MIN = 0.01;
  private static final double MICROS_MIN = 1;

  /// `from` and `to` are medians, the interval is that of the median difference; microseconds a request.
  record Change(Timed what, double from, double to, Interval difference) {
    double ratio() {
      return from == 0 ? Double.POSITIVE_INFINITY : to / from;
    }
  }

  private final Measured later;
  private final Measured earlier;
  private final List<Change> changes = new ArrayList<>();
  private final int compared;
  private final int roundsMin;

  Slowdowns(Measured later, Measured earlier) {
    this.later = later;
    this.earlier = earlier;
    double request = Math.max(request(earlier), request(later));
    Set<Timed> stages = all(later.stages(), earlier.stages());
    Set<Timed> nodes = all(later.own(), earlier.own());
    compared = stages.size() + nodes.size();
    roundsMin = Interval.valuesMin(ERROR / Math.max(1, compared));
    stages.forEach(each -> compare(later.stages(), earlier.stages(), each, request));
    nodes.forEach(each -> compare(later.own(), earlier.own(), each, request));
  }

  private static double request(Measured version) {
    return version.stages().keys().stream().filter(stage -> stage.step().isEmpty()).mapToDouble(stage -> Interval.median(version.stages().values(stage))).sum();
  }

  private static Set<Timed> all(Rounds<Timed> one, Rounds<Timed> other) {
    var all = new LinkedHashSet<>(one.keys());
    all.addAll(other.keys());
    return all;
  }

  private void compare(Rounds<Timed> after, Rounds<Timed> before, Timed what, double request) {
    List<Double> differences = Rounds.differences(after, before, what);
    double from = Interval.median(before.values(what));
    double to = Interval.median(after.values(what));
    Optional<Interval> interval = Interval.of(differences, ERROR / compared);
    double least = Math.max(MICROS_MIN, Math.max(RATIO_MIN * from, RUN_SHARE_MIN * request));
    interval
        .filter(found -> (found.low() > 0 || found.high() < 0) && Math.abs(found.median()) >= least)
        .ifPresent(found -> changes.add(new Change(what, from, to, found)));
  }

  /// The largest first: nodes before the stage that they make slower, because they say more.
  List<Change> slower() {
    return changes.stream().filter(each -> each.difference().low() > 0).sorted(order().thenComparingDouble(each -> -each.difference().median())).toList();
  }

  List<Change> faster() {
    return changes.stream().filter(each -> each.difference().high() < 0).sorted(order().thenComparingDouble(each -> each.difference().median())).toList();
  }

  private static Comparator<Change> order() {
    return Comparator.comparing(each -> each.what().kind().equals("stage"));
  }

  /// Whether there were rounds enough to name anything.
  boolean isConclusive() {
    return rounds(later.own(), earlier.own()) >= roundsMin && rounds(later.stages(), earlier.stages()) >= roundsMin;
  }

  int roundsMin() {
    return roundsMin;
  }

  private static int rounds(Rounds<Timed> one, Rounds<Timed> other) {
    return Math.min(one.count(), other.count());
  }

  int compared() {
    return compared;
  }
}
