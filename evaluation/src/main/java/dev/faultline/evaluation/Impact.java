package dev.faultline.evaluation;

import dev.faultline.evaluation.fault.Case;
import dev.faultline.evaluation.fault.Kind;
import dev.faultline.evaluation.fault.Planted;
import dev.faultline.evaluation.surface.Answer;
import dev.faultline.evaluation.surface.ServerUnderTest;
import dev.faultline.evaluation.traffic.Request;
import dev.faultline.evaluation.traffic.Request.Quirk;
import java.util.List;

/// Whether a planted fault did what it says: enough requests fail, those without it do not, and taking it away restores health. A fault
/// without effect is dropped, not scored.
final class Impact {
  private static final int FAILING_MIN = 10;
  private static final double COVERED_FAILING_MIN = 0.5;
  private static final double OTHERS_FAILING_MAX = 0.02;
  private static final int MENDED = 5;

  private final ServerUnderTest server;
  private final Case of;
  private final List<Answer> answers;

  Impact(ServerUnderTest server, Case of, List<Answer> answers) {
    this.server = server;
    this.of = of;
    this.answers = answers.stream().filter(answer -> answer.request().quirk() != Quirk.GIVES_UP).toList();
  }

  /// Why it does not count; empty when it does.
  String objection(Planted planted) throws InterruptedException {
    List<Answer> covered = answers.stream().filter(answer -> planted.covers().test(answer.request())).toList();
    List<Answer> failing = covered.stream().filter(Answer::objected).toList();
    if (failing.size() < FAILING_MIN) {
      return failing.size() + " of " + covered.size() + " requests with the fault failed (expected: " + FAILING_MIN + " at least)";
    }
    if (planted.kind() == Kind.UNSTABLE) {
      return "";
    }
    if (failing.size() < COVERED_FAILING_MIN * covered.size()) {
      return failing.size() + " of " + covered.size() + " requests with the fault failed (expected: half at least)";
    }
    String others = others();
    return others.isEmpty() ? afterMending(planted, failing) : others;
  }

  private String others() {
    List<Answer> without = answers.stream().filter(answer -> of.planted().stream().noneMatch(planted -> planted.covers().test(answer.request()))).toList();
    List<Answer> failing = without.stream().filter(Answer::objected).toList();
    return failing.size() > OTHERS_FAILING_MAX * without.size()
        ? failing.size() + " of " + without.size() + " requests without the fault failed too, such as " + failing.getFirst().code()
        : "";
  }

  private String afterMending(Planted planted, List<Answer> failing) throws InterruptedException {
    for (Answer each : failing.subList(0, MENDED)) {
      Request mended = mended(planted, each.request());
      Answer again = server.tryOut(mended);
      if (again.objected()) {
        return "without the fault a request still ends in " + again.code();
      }
    }
    return "";
  }

  /// The request before it was spoiled, to a version without the fault.
  private Request mended(Planted planted, Request request) {
    Request mended = request.mended();
    return planted.badVersions().contains(request.version()) || isBadElsewhere(request.version()) ? mended.to(soundVersion()) : mended;
  }

  private boolean isBadElsewhere(String version) {
    return of.planted().stream().anyMatch(planted -> planted.badVersions().contains(version));
  }

  private String soundVersion() {
    return of.releases().stream().map(release -> release.version()).filter(version -> !isBadElsewhere(version)).findFirst().orElse("1");
  }
}
