package dev.faultline.isolation;

import dev.faultline.isolation.bisect.Bisected;
import dev.faultline.isolation.bisect.BisectionSettings;
import dev.faultline.isolation.bisect.Probe;
import dev.faultline.isolation.bisect.VersionBisection;
import dev.faultline.isolation.group.Regression;
import dev.faultline.isolation.group.VersionCount;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Runs the failing request on the other versions of its model and says since when it fails, and whether later ones fail too.
final class VersionSearch {
  /// Versions before the suspect among which the first bad one is searched.
  private static final int EARLIER_MAX = 64;
  /// Versions after the suspect that are tried.
  private static final int LATER_MAX = 4;
  /// What a bisection may spend.
  private static final int REPLAYS_MAX = 16;

  private final Trials lab;
  private final Target target;
  private final Subject subject;
  private final String model;
  private final int laterMax;
  private final SequencedMap<String, TrialResult> results = new LinkedHashMap<>();

  VersionSearch(Trials lab, Target target, Subject subject, String model) {
    this(lab.atMost(REPLAYS_MAX), target, subject, model, LATER_MAX);
  }

  /// With all that the laboratory may spend.
  static VersionSearch thorough(Trials lab, Target target, Subject subject, String model) {
    return new VersionSearch(lab, target, subject, model, EARLIER_MAX);
  }

  private VersionSearch(Trials lab, Target target, Subject subject, String model, int laterMax) {
    this.lab = lab;
    this.laterMax = laterMax;
    this.target = target;
    this.subject = subject;
    this.model = model;
  }

  /// `known` is what replays on the suspect version have shown.
  VersionFinding run(String suspect, List<String> versions, Determinism known, Notes notes) {
    int at = versions.indexOf(suspect);
    versions.forEach(version -> results.put(version, TrialResult.UNRESOLVED));
    results.put(suspect, TrialResult.FAIL);
    Release release = at > 0 ? earlier(versions.subList(Math.max(0, at - EARLIER_MAX), at + 1), known, notes) : Release.of(model, suspect);
    versions.subList(at + 1, Math.min(versions.size(), at + 1 + laterMax)).forEach(this::test);
    results.forEach((version, result) -> {
      if (!version.equals(suspect) && result != TrialResult.UNRESOLVED) {
        notes.add(Proof.Kind.INTERVENTION, "the same request " + (result == TrialResult.PASS ? "passes" : "fails") + " on version " + version, result == TrialResult.FAIL ? 1 : 0, 1);
      }
    });
    cameBack().forEach(regression -> notes.add(Proof.Kind.BISECTION, "it was gone and came back: " + regression));
    return new VersionFinding(release, results);
  }

  /// What the trials themselves say: a version that takes the request between two that do not.
  private List<Regression> cameBack() {
    return Regression.of(results.entrySet().stream()
        .filter(each -> each.getValue() != TrialResult.UNRESOLVED)
        .map(each -> new VersionCount(each.getKey(), 1, each.getValue() == TrialResult.FAIL ? 1 : 0))
        .toList());
  }

  private Release earlier(List<String> versions, Determinism known, Notes notes) {
    var bisection = new VersionBisection<String, Subject>(this::test, BisectionSettings.STANDARD, lab.budget());
    List<Double> even = versions.stream().map(_ -> 1.0).toList();
    Bisected found = bisection.search(versions, List.of(subject), even, known);
    String suspect = versions.getLast();
    int first = found.firstBad();
    // one that cannot be loaded may stand between the last good and the first bad version
    List<String> good = versions.subList(0, Math.max(0, first)).reversed().stream().filter(version -> results.get(version) == TrialResult.PASS).limit(1).toList();
    if (good.isEmpty() || !isSettled(found.state())) {
      return Release.of(model, suspect);
    }
    List<String> between = versions.subList(versions.indexOf(good.getFirst()) + 1, first);
    notes.add(Proof.Kind.BISECTION, "version %s is the first that fails%s, with a probability of %.3f after %d trials on %d versions%s".formatted(
        versions.get(first), between.isEmpty() ? "" : " after " + good.getFirst() + " (" + String.join(", ", between) + " between them gave no answer)",
        found.posterior(), found.trials(), versions.size(),
        found.state() == Bisected.State.NOT_MONOTONE ? "; an earlier one failed too, and one between them did not" : ""));
    return new Release(model, suspect, good.getFirst(), versions.get(first), found.posterior());
  }

  /// The same finding when the smallest failing request has been tried on the versions between the last good and the first bad one, which
  /// gave no answer to the whole request: it may have failed there for another reason.
  VersionFinding narrowed(VersionFinding found, Subject smallest, Notes notes) {
    Release release = found.release();
    var known = new LinkedHashMap<>(found.results());
    for (String version : found.unansweredBetween().reversed().stream().limit(LATER_MAX).toList()) {
      TrialResult result = lab.run(Setup.of(model, version), smallest, target).result();
      known.put(version, result);
      if (result != TrialResult.UNRESOLVED) {
        boolean good = result == TrialResult.PASS;
        notes.add(Proof.Kind.INTERVENTION, "the smallest request that fails " + (good ? "passes" : "fails too") + " on version " + version, good ? 0 : 1, 1);
        release = new Release(model, release.version(), good ? version : release.lastGood(), good ? release.firstBad() : version, release.posterior());
      }
      if (result == TrialResult.PASS) {
        break;
      }
    }
    return new VersionFinding(release, known);
  }

  private static boolean isSettled(Bisected.State state) {
    return switch (state) {
      case FOUND, LIKELY, NOT_MONOTONE -> true;
      case NOT_REPRODUCED, ALWAYS_BAD, UNDECIDED -> false;
    };
  }

  private TrialResult test(Probe<String, Subject> probe) {
    return test(probe.version());
  }

  private TrialResult test(String version) {
    TrialResult result = lab.run(Setup.of(model, version), subject, target).result();
    if (result != TrialResult.UNRESOLVED) {
      results.put(version, result);
    }
    return result;
  }
}
