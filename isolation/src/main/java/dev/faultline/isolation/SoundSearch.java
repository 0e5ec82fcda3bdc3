package dev.faultline.isolation;

import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.InferenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs sound requests on the suspect version: to find passing ones to compare with, and to see whether the version fails for most.
final class SoundSearch {
  /// Passing requests that are tried on the suspect version before it is said to fail for all.
  private static final int NEAREST_MAX = 3;
  /// Requests that other versions served, which are tried to see how many the suspect version fails.
  private static final int SAMPLE_MAX = 4;
  /// As many more are tried when most of the first ones fail, but not all: one in two gives three of four in a quarter of the samples.
  private static final int SAMPLE_MORE_MAX = 12;
  /// After so many, all of which fail, no passing one is looked for.
  private static final int ALL_MIN = 3;

  /// So many requests that the suspect version served, and for each at most so many that fail, say that it does not fail for most.
  private static final int PASSING_MIN = 5;
  private static final int FAILING_FOR_EACH_MAX = 3;

  private final Trials lab;
  private final Target target;
  private final Setup suspect;
  private final Case about;
  private final List<Specimen> good = new ArrayList<>();
  private int failed;
  private int tried;

  SoundSearch(Trials lab, Target target, Setup suspect, Case about) {
    this.lab = lab;
    this.target = target;
    this.suspect = suspect;
    this.about = about;
  }

  Sound run(Optional<InferenceRequest> failing, VersionFinding versions, Notes notes) {
    List<Specimen> nearest = failing.map(request -> Baselines.nearest(request, about.version(), about.passing())).orElse(List.of());
    boolean passesCommonly = passesCommonly(notes);
    if (versions.flips() && !passesCommonly) {
      sample(nearest.stream().filter(each -> versions.goodOnes().contains(each.version().version())).toList());
    }
    int sampled = tried;
    int sampledFailed = failed;
    List<Specimen> others = List.copyOf(good);
    good.clear();
    boolean failsForAll = sampled >= ALL_MIN && sampledFailed == sampled && !passesCommonly;
    for (Specimen each : nearest.subList(0, failsForAll ? 0 : Math.min(NEAREST_MAX, nearest.size()))) {
      if (good.isEmpty()) {
        test(each);
      }
    }
    others.stream().filter(each -> good.stream().noneMatch(one -> one.id().equals(each.id()))).forEach(good::add);
    if (tried > 0) {
      notes.add(Proof.Kind.INTERVENTION, "requests that passed before, on version " + about.version(), failed, tried);
    }
    return new Sound(good, failed, tried, sampledFailed, sampled, nearest);
  }

  /// Whether the suspect version was seen to serve so many requests that it cannot fail for most: then none needs be tried to find that out.
  private boolean passesCommonly(Notes notes) {
    long passing = Math.round(served());
    long failing = 1 + about.siblings().stream().filter(this::isOfSuspect).count();
    boolean commonly = passing >= PASSING_MIN && passing * FAILING_FOR_EACH_MAX >= failing;
    if (commonly) {
      notes.add(Proof.Kind.ATTRIBUTION, "version " + about.version() + " served about " + passing + " requests, beside " + failing + " that failed in this way");
    }
    return commonly;
  }

  /// Of requests that were served only some are kept: each stands for as many as were not.
  private double served() {
    return about.passing().stream().filter(this::isOfSuspect).mapToDouble(each -> each.samplingRate() > 0 ? Math.max(1, 1 / each.samplingRate()) : 1).sum();
  }

  private boolean isOfSuspect(Specimen each) {
    return each.version().version().equals(about.version());
  }

  private void test(Specimen each) {
    Trials.Run run = lab.run(suspect, new Subject.AsArrived(each.arrival()), target);
    tried += run.result() == TrialResult.UNRESOLVED ? 0 : 1;
    failed += run.failed() ? 1 : 0;
    if (run.passed()) {
      good.add(decoded(each, run));
    }
  }

  private void sample(List<Specimen> served) {
    List<Specimen> first = evenly(served, SAMPLE_MAX);
    first.forEach(this::test);
    if (failed < tried && failed >= Sound.MOST * tried) {
      evenly(served, SAMPLE_MORE_MAX).stream().filter(each -> !first.contains(each)).limit(SAMPLE_MORE_MAX - (long) first.size()).forEach(this::test);
    }
  }

  /// From all over the list, which is ordered by likeness.
  private static List<Specimen> evenly(List<Specimen> served, int countMax) {
    int count = Math.min(countMax, served.size());
    var some = new ArrayList<Specimen>();
    for (int i = 0; i < count; i++) {
      some.add(served.get((int) ((2L * i + 1) * served.size() / (2L * count))));
    }
    return some;
  }

  /// The passing request as this version decodes it.
  static Specimen decoded(Specimen each, Trials.Run run) {
    List<InferenceRequest> requests = run.outcome().flatMap(outcome -> outcome.passage().request()).map(List::of).orElse(each.requests());
    return new Specimen(each.id(), each.arrival(), each.version(), requests, each.samplingRate());
  }
}
