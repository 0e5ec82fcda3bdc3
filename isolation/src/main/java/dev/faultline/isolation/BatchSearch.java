package dev.faultline.isolation;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Boundary;
import dev.faultline.isolation.reduce.BoundarySearch;
import dev.faultline.isolation.reduce.Limit;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import java.util.List;
import java.util.Optional;

/// Asks whether it is the number of rows that makes a request fail, whatever is in them: its rows must pass in another number, and the rows
/// of a passing request fail in this one.
final class BatchSearch {
  private static final int REPLAYS_MAX = 16;

  private final Trials lab;
  private final Target target;
  private final Setup setup;
  private final Arrival arrival;

  BatchSearch(Trials lab, Target target, Setup setup, Arrival arrival) {
    this.lab = lab.atMost(REPLAYS_MAX);
    this.target = target;
    this.setup = setup;
    this.arrival = arrival;
  }

  /// Which numbers of rows fail; empty when it is not that.
  List<Limit> run(InferenceRequest failing, List<Specimen> passing, Notes notes) {
    Optional<Integer> rows = Rows.count(failing);
    for (Specimen each : passing) {
      InferenceRequest other = each.request().orElseThrow();
      Optional<Integer> others = Rows.count(other);
      if (rows.isPresent() && others.isPresent() && !rows.equals(others)) {
        return search(failing, rows.get(), other, others.get(), notes);
      }
    }
    return List.of();
  }

  private List<Limit> search(InferenceRequest failing, int fails, InferenceRequest passing, int passes, Notes notes) {
    if (test(failing, passing, passes) != TrialResult.PASS || test(passing, passing, fails) != TrialResult.FAIL) {
      return List.of();
    }
    notes.add(Proof.Kind.INTERVENTION, "its rows among the rows of a passing request, " + passes + " in all, pass", 0, 1);
    notes.add(Proof.Kind.INTERVENTION, "the passing request with " + fails + (fails == 1 ? " row fails" : " rows fails"), 1, 1);
    Boundary boundary = new BoundarySearch(lab.budget()).whole(rows -> test(passing, passing, rows.intValue()), passes, fails, 1, Math.max(passes, fails) * 2L);
    if (boundary.limits().isEmpty() || boundary.state() == Boundary.State.PARTIAL) {
      return List.of(new Limit(Operator.EQUAL, Reading.of(fails), Reading.of(passes)));
    }
    notes.add(Proof.Kind.REDUCTION, "it fails when the number of rows is " + boundary + ", found in " + boundary.trials() + " trials");
    return boundary.limits();
  }

  private TrialResult test(InferenceRequest first, InferenceRequest second, int rows) {
    return Rows.joined(first, second, rows)
        .map(request -> lab.run(setup, new Subject.Edited(request, arrival), target).result())
        .orElse(TrialResult.UNRESOLVED);
  }
}
