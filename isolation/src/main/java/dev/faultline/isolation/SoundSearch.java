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
    if (versions.flips()) {
      evenly(nearest.stream().filter(each -> versions.goodOnes().contains(each.version().version())).toList()).forEach(this::test);
    }
    int sampled = tried;
    int sampledFailed = failed;
    List<Specimen> others = List.copyOf(good);
    good.clear();
    for (Specimen each : nearest.subList(0, Math.min(NEAREST_MAX, nearest.size()))) {
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

  private void test(Specimen each) {
    Trials.Run run = lab.run(suspect, new Subject.AsArrived(each.arrival()), target);
    tried += run.result() == TrialResult.UNRESOLVED ? 0 : 1;
    failed += run.failed() ? 1 : 0;
    if (run.passed()) {
      good.add(decoded(each, run));
    }
  }

  /// From all over the list, which is ordered by likeness.
  private static List<Specimen> evenly(List<Specimen> served) {
    int count = Math.min(SAMPLE_MAX, served.size());
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
