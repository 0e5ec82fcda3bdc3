package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.surface.Answer;
import dev.faultline.evaluation.traffic.Crowd;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Confidence;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// ddmin (Zeller and Hildebrandt, 2002) over the fields in which a failing request differs from a served one of the same version, with
/// the server itself as the test.
final class DeltaDebugging implements Baseline {
  private static final int TESTS_MAX = 200;

  @Override
  public String name() {
    return "ddmin";
  }

  @Override
  public Claim claim(Evidence evidence) throws InterruptedException {
    Optional<Row> failing = evidence.failing().stream().findFirst();
    Optional<Row> passing = failing.flatMap(row -> nearest(evidence, row));
    return failing.isEmpty() || passing.isEmpty() ? Claim.NONE : new Run(evidence, failing.get(), passing.get()).claim();
  }

  private static Optional<Row> nearest(Evidence evidence, Row failing) {
    return evidence.passing().stream()
        .filter(row -> row.version().equals(failing.version()))
        .min(Comparator.comparingInt(row -> differing(evidence, failing, row).size()));
  }

  private static List<Place> differing(Evidence evidence, Row one, Row other) {
    return evidence.places().stream().filter(place -> !Cells.of(evidence, one, place).equals(Cells.of(evidence, other, place))).toList();
  }

  /// One search, with its count of tests.
  private static final class Run {
    private final Evidence evidence;
    private final Row failing;
    private final Row passing;
    private int tests;

    Run(Evidence evidence, Row failing, Row passing) {
      this.evidence = evidence;
      this.failing = failing;
      this.passing = passing;
    }

    Claim claim() throws InterruptedException {
      List<Place> all = differing(evidence, failing, passing);
      Claim claim = Claim.of(Confidence.SUSPECTED, Cause.INPUT, failing.stage()).at(failing.node(), "");
      // served rows need not be served now: then the version is broken for all
      if (fails(List.of())) {
        return Claim.of(Confidence.SUSPECTED, Cause.MODEL, failing.stage()).at(failing.node(), "").firstBad(failing.version()).spent(tests, 0);
      }
      return claim.fields(new HashSet<>(minimised(all))).spent(tests, 0);
    }

    private List<Place> minimised(List<Place> all) throws InterruptedException {
      List<Place> current = all;
      int parts = 2;
      while (current.size() >= 2 && tests < TESTS_MAX) {
        Optional<List<Place>> smaller = smaller(current, parts);
        if (smaller.isPresent()) {
          parts = Math.max(2, smaller.get().size() * 2 <= current.size() ? 2 : parts - 1);
          current = smaller.get();
        } else if (parts >= current.size()) {
          return current;
        } else {
          parts = Math.min(current.size(), 2 * parts);
        }
      }
      return current;
    }

    private Optional<List<Place>> smaller(List<Place> current, int parts) throws InterruptedException {
      List<List<Place>> subsets = split(current, parts);
      for (List<Place> subset : subsets) {
        if (fails(subset)) {
          return Optional.of(subset);
        }
      }
      for (List<Place> subset : subsets) {
        var complement = new ArrayList<>(current);
        complement.removeAll(subset);
        if (parts > 2 && fails(complement)) {
          return Optional.of(complement);
        }
      }
      return Optional.empty();
    }

    private static List<List<Place>> split(List<Place> all, int parts) {
      var split = new ArrayList<List<Place>>();
      for (int i = 0; i < parts; i++) {
        split.add(all.subList(i * all.size() / parts, (i + 1) * all.size() / parts));
      }
      return split;
    }

    private boolean fails(List<Place> taken) throws InterruptedException {
      tests++;
      List<Input> inputs = Cells.mixed(evidence, passing, failing, taken);
      Answer answer = evidence.server().tryOut(Request.sound(0, failing.version(), Crowd.all().getFirst(), inputs));
      return answer.code().equals(failing.code());
    }
  }
}
