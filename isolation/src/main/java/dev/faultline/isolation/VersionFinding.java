package dev.faultline.isolation;

import dev.faultline.isolation.replay.TrialResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Collections;

/// What the same failing request does on the other versions, in their order, the failing one included.
record VersionFinding(Release release, SequencedMap<String, TrialResult> results) {
  VersionFinding {
    results = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(results));
  }

  /// Whether some version takes the request that the failing one does not.
  boolean flips() {
    return results.containsValue(TrialResult.PASS);
  }

  /// Whether at least one other version fails in the same way.
  boolean failsElsewhere() {
    return results.entrySet().stream().anyMatch(each -> !each.getKey().equals(release.version()) && each.getValue() == TrialResult.FAIL);
  }

  /// Whether all versions that were tried from the first bad one on fail, and the suspect is not the only one.
  boolean staysBad() {
    return release.isRegression()
        && failsElsewhere()
        && results.entrySet().stream().dropWhile(each -> !each.getKey().equals(release.firstBad())).noneMatch(each -> each.getValue() == TrialResult.PASS);
  }

  /// Versions after the last good and before the first bad one, none of which gave an answer.
  List<String> unansweredBetween() {
    if (!release.isRegression()) {
      return List.of();
    }
    List<String> all = List.copyOf(results.keySet());
    return all.subList(all.indexOf(release.lastGood()) + 1, all.indexOf(release.firstBad()));
  }

  /// Versions on which the request passes, in their order.
  List<String> goodOnes() {
    return results.entrySet().stream().filter(each -> each.getValue() == TrialResult.PASS).map(Map.Entry::getKey).toList();
  }

  /// The version to compare with: the last good one, otherwise any that passes, empty when none does.
  String good() {
    if (!release.lastGood().isEmpty()) {
      return release.lastGood();
    }
    return results.entrySet().stream().filter(each -> each.getValue() == TrialResult.PASS).map(Map.Entry::getKey).findFirst().orElse("");
  }
}
