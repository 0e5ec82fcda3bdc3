package dev.faultline.evaluation;

import dev.faultline.evaluation.fault.Kind;
import dev.faultline.evaluation.score.Grouping.Member;
import dev.faultline.evaluation.score.Judged;
import dev.faultline.evaluation.truth.Claim;
import java.util.List;
import java.util.Map;

/// What came of a trial.
///
/// @param invalid why it does not count, empty when it does: the fault had no effect, or another than its own
/// @param members each failing request with its cause and its group
/// @param accusations claims of a healthy window that blame somebody
/// @param investigated claims made in a healthy window at all
/// @param millis of the whole trial
record TrialResult(
    Trial trial, String invalid, List<Finding> findings, List<Member> members, List<Claim> accusations, int investigated, int requests, long millis) {

  /// What each method said about one planted fault.
  record Finding(String planted, int number, Kind kind, Map<String, Judged> byMethod, String state) {
    Finding {
      byMethod = Map.copyOf(byMethod);
    }
  }

  TrialResult {
    findings = List.copyOf(findings);
    members = List.copyOf(members);
    accusations = List.copyOf(accusations);
  }

  static TrialResult invalid(Trial trial, String why, int requests, long millis) {
    return new TrialResult(trial, why, List.of(), List.of(), List.of(), 0, requests, millis);
  }

  boolean isValid() {
    return invalid.isEmpty();
  }
}
