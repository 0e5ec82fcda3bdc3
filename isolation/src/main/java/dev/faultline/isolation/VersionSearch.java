package dev.faultline.isolation;

import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Runs the failing request on the other versions of its model and says since when it fails.
final class VersionSearch {
  /// Up to so many versions each is tried once; more are bisected.
  private static final int EACH_MAX = 8;

  private final Trials lab;
  private final Target target;
  private final Subject subject;
  private final String model;

  VersionSearch(Trials lab, Target target, Subject subject, String model) {
    this.lab = lab;
    this.target = target;
    this.subject = subject;
    this.model = model;
  }

  VersionFinding run(String suspect, List<String> versions, Notes notes) {
    SequencedMap<String, TrialResult> results = new LinkedHashMap<>();
    for (String version : tried(suspect, versions)) {
      results.put(version, version.equals(suspect) ? TrialResult.FAIL : lab.run(Setup.of(model, version), subject, target).result());
    }
    results.forEach((version, result) -> {
      if (!version.equals(suspect) && result != TrialResult.UNRESOLVED) {
        notes.add(Proof.Kind.INTERVENTION, "the same request " + (result == TrialResult.PASS ? "passes" : "fails") + " on version " + version, result == TrialResult.FAIL ? 1 : 0, 1);
      }
    });
    return new VersionFinding(release(suspect, results), results);
  }

  /// The nearest versions on both sides, the earlier ones first.
  private static List<String> tried(String suspect, List<String> versions) {
    int at = versions.indexOf(suspect);
    int from = Math.max(0, Math.min(at - EACH_MAX + 2, versions.size() - EACH_MAX));
    return new ArrayList<>(versions.subList(from, Math.min(versions.size(), from + EACH_MAX)));
  }

  private Release release(String suspect, SequencedMap<String, TrialResult> results) {
    String firstBad = suspect;
    String lastGood = "";
    for (var each : results.reversed().entrySet().stream().dropWhile(entry -> !entry.getKey().equals(suspect)).toList()) {
      if (each.getValue() == TrialResult.PASS) {
        lastGood = each.getKey();
        break;
      }
      firstBad = each.getValue() == TrialResult.FAIL ? each.getKey() : firstBad;
    }
    return lastGood.isEmpty() ? Release.of(model, suspect) : new Release(model, suspect, lastGood, firstBad, Double.NaN);
  }
}
