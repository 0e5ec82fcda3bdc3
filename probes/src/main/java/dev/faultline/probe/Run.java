package dev.faultline.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Sends the probes of a plan one after the other, so that each answer is that of its own request.
public final class Run {
  private static final int TRIES_MAX = 5;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  private final Sender sender;
  private final String id;

  /// @param id begins every request's id, so that they are found again
  public Run(Sender sender, String id) {
    this.sender = sender;
    this.id = id;
  }

  /// @param heard told of each finding as it is made
  /// @param enough whether a finding is the last that is wanted
  public List<Finding> findings(List<Probe> probes, Consumer<Finding> heard, Predicate<Finding> enough) throws InterruptedException {
    var findings = new ArrayList<Finding>(probes.size());
    for (Probe probe : probes) {
      Finding finding = finding(probe, requestId(findings.size() + 1));
      findings.add(finding);
      heard.accept(finding);
      if (enough.test(finding)) {
        return findings;
      }
    }
    return findings;
  }

  /// What a request of this run is called; 0 is the base request.
  public String requestId(int number) {
    return "probe-" + id + "-" + number;
  }

  /// One probe; the base request is one too.
  public Finding finding(Probe probe, String requestId) throws InterruptedException {
    Reply reply = sender.send(probe.call(), requestId);
    for (int tries = 1; Judge.isBusy(reply) && tries < TRIES_MAX; tries++) {
      Thread.sleep(BETWEEN_TRIES);
      reply = sender.send(probe.call(), requestId);
    }
    return Judge.judged(probe, requestId, reply);
  }
}
