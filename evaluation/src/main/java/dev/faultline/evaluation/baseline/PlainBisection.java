package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.traffic.Crowd;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Confidence;
import java.util.List;
import java.util.Optional;

/// Sends one failing request to the versions, halving what is left: the first that fails it, as `git bisect` would.
final class PlainBisection implements Baseline {
  @Override
  public String name() {
    return "plain bisection";
  }

  @Override
  public Claim claim(Evidence evidence) throws InterruptedException {
    Optional<Row> failing = evidence.failing().stream().findFirst();
    return failing.isEmpty() ? Claim.NONE : claim(evidence, failing.get());
  }

  private static Claim claim(Evidence evidence, Row failing) throws InterruptedException {
    List<String> versions = evidence.versions();
    int tests = 1;
    int good = 0;
    int bad = Math.max(0, versions.indexOf(failing.version()));
    boolean oldestFails = fails(evidence, failing, versions.getFirst());
    while (!oldestFails && bad - good > 1) {
      int middle = (good + bad) / 2;
      boolean fails = fails(evidence, failing, versions.get(middle));
      good = fails ? good : middle;
      bad = fails ? middle : bad;
      tests++;
    }
    Claim claim = Claim.of(Confidence.SUSPECTED, oldestFails ? Cause.INPUT : Cause.MODEL, failing.stage()).at(failing.node(), "").spent(tests, 0);
    return oldestFails ? claim : claim.firstBad(versions.get(bad));
  }

  private static boolean fails(Evidence evidence, Row failing, String version) throws InterruptedException {
    return evidence.server().tryOut(Request.sound(0, version, Crowd.all().getFirst(), failing.inputs())).code().equals(failing.code());
  }
}
