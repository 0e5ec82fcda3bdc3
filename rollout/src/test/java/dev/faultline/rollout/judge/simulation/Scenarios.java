package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.OutputFact;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/// The canaries that rules are measured on: healthy ones in all weathers, and harmful ones.
final class Scenarios {
  private static final int USUAL = 400;
  private static final int HOUR = 60;
  private static final List<Double> STEPS = List.of(.01, .05, .25, .5, .5, .5);

  private Scenarios() {}

  static List<Scenario> all() {
    return List.of(
        // healthy
        drawn("same rate .5 %, share 50 %", false, USUAL, Scenarios::half, rates(.005, .005)),
        drawn("same rate .5 %, share 10 %", false, USUAL, Scenarios::tenth, rates(.005, .005)),
        drawn("same rate .5 %, ramp 1-5-25-50 %", false, USUAL, Scenarios::ramp, rates(.005, .005)),
        drawn("same rate 20 %, share 50 %", false, USUAL, Scenarios::half, rates(.2, .2)),
        drawn("no faults, share 10 %", false, USUAL, Scenarios::tenth, rates(0, 0)),
        drawn("same rate 2 %, 20 requests a minute, share 50 %", false, 20, Scenarios::half, rates(.02, .02)),
        drawn("rate rises from .2 to 3 % while the share rises", false, USUAL, Scenarios::ramp, (_, minute, _, random) -> fault(random, .002 + .028 * minute / HOUR)),
        drawn("outages of both, 1 minute in 10 at 50 %, ramp", false, USUAL, Scenarios::ramp, (_, minute, _, random) -> fault(random, minute % 10 == 9 ? .5 : .002)),
        clients("a fault in five is tried again 30 times, share 50 %", 1_000_000, 0, Scenarios::burst),
        drawn("the same, all tries at one version, keys withheld", false, USUAL, Scenarios::half, Scenarios::burst),
        clients("one of 200 clients fails always, share 50 %", 200, .005, (_, _, client, random) -> fault(random, client == 0 ? 1 : .001)),
        clients("one of 50 clients sends 30 % of the requests and fails in 10 %, ten tries", 50, .3, Scenarios::busy),
        clients("one of 50 clients sends 30 % of the requests, slow ones", 50, .3, (_, _, client, random) -> Sample.served(latency(random, client == 0 ? 60 : 20))),
        new Scenario("a client with bad requests, always at the candidate, keys unknown", false, USUAL, HOUR, Scenarios::half, 0, 0, false, 0, Scenarios::badRequests),
        drawn("the same, and all requests are 50 payloads of one client", false, USUAL, Scenarios::half, Scenarios::burst).withPayloads(50),
        drawn("latency 5 % above the baseline's", false, USUAL, Scenarios::half, (arm, _, _, random) -> Sample.served(latency(random, arm == Arm.BASELINE ? 20 : 21))),
        drawn("retrained: label in 63 instead of 60 %, scores .1 deviations higher", false, USUAL, Scenarios::half, outputs(.63, .1)),
        // harmful
        drawn(".5 to 1 %, share 50 %", true, USUAL, Scenarios::half, rates(.005, .01)),
        drawn(".5 to 1 %, share 10 %", true, USUAL, Scenarios::tenth, rates(.005, .01)),
        drawn(".5 to 5 %, share 50 %", true, USUAL, Scenarios::half, rates(.005, .05)),
        drawn(".5 to 5 %, share 10 %", true, USUAL, Scenarios::tenth, rates(.005, .05)),
        drawn(".05 to .5 %, share 50 %", true, USUAL, Scenarios::half, rates(.0005, .005)),
        drawn("0 to .5 %, share 50 %", true, USUAL, Scenarios::half, rates(0, .005)),
        drawn("0 to .5 %, share 10 %", true, USUAL, Scenarios::tenth, rates(0, .005)),
        drawn(".5 % of one kind, and .5 % of a new kind, share 50 %", true, USUAL, Scenarios::half, Scenarios::newKind),
        drawn("30 to 45 %, share 50 %", true, USUAL, Scenarios::half, rates(.3, .45)),
        drawn("1 to 10 %, 20 requests a minute, share 50 %", true, 20, Scenarios::half, rates(.01, .1)),
        drawn("1 to 2 %, 20 requests a minute, share 50 %", true, 20, Scenarios::half, rates(.01, .02)),
        drawn(".5 to 5 %, ramp 1-5-25-50 %", true, USUAL, Scenarios::ramp, rates(.005, .05)),
        drawn(".5 to 2 % only from minute 30 on, share 25 %", true, USUAL, _ -> .25, (arm, minute, _, random) -> fault(random, arm == Arm.CANDIDATE && minute >= 30 ? .02 : .005)),
        clients(".5 to 5 %, 200 clients, share 50 %", 200, 0, rates(.005, .05)).asHarmful(),
        clients("0 to 100 %, 20 clients, share 50 %", 20, 0, rates(0, 1)).asHarmful(),
        drawn("1.3 times as slow, share 10 %", true, USUAL, Scenarios::tenth, (arm, _, _, random) -> Sample.served(latency(random, arm == Arm.BASELINE ? 20 : 26))),
        drawn("1 in 50 requests takes 10 times as long, share 10 %", true, USUAL, Scenarios::tenth, Scenarios::slowTail),
        drawn("1 in 50 requests takes 10 times as long, share 50 %", true, USUAL, Scenarios::half, Scenarios::slowTail),
        drawn("1 in 200 requests takes 10 times as long, share 50 %", true, USUAL, Scenarios::half, Scenarios::rareTail),
        drawn(".5 to 5 %, 50 payloads of one client, share 50 %", true, USUAL, Scenarios::half, rates(.005, .05)).withPayloads(50),
        drawn("label in 90 instead of 60 %, share 10 %", true, USUAL, Scenarios::tenth, outputs(.9, 0)),
        drawn("scores one deviation higher, share 10 %", true, USUAL, Scenarios::tenth, outputs(.6, 1)));
  }

  private static double half(int minute) {
    return .5;
  }

  private static double tenth(int minute) {
    return .1;
  }

  private static double ramp(int minute) {
    return STEPS.get(Math.min(STEPS.size() - 1, minute / 10));
  }

  private static Scenario drawn(String name, boolean isHarmful, int perMinute, IntToDoubleFunction share, Behaviour behaviour) {
    return new Scenario(name, isHarmful, perMinute, HOUR, share, 0, 0, false, 0, behaviour);
  }

  private static Scenario clients(String name, int clients, double busiest, Behaviour behaviour) {
    return new Scenario(name, false, USUAL, HOUR, Scenarios::half, clients, busiest, true, 0, behaviour);
  }

  private static Behaviour rates(double baseline, double candidate) {
    return (arm, _, _, random) -> fault(random, arm == Arm.BASELINE ? baseline : candidate);
  }

  private static Sample fault(RandomGenerator random, double rate) {
    return random.nextDouble() < rate ? Sample.faulted("infer.node_failed") : Sample.served(latency(random, 20));
  }

  /// Log-normal around the median.
  private static double latency(RandomGenerator random, double median) {
    return median * Math.exp(.3 * random.nextGaussian());
  }

  /// Faults in the same request sent over and over, to whichever version had it first.
  private static Sample burst(Arm arm, int minute, int client, RandomGenerator random) {
    return fault(random, .004).withRetries(random.nextDouble() < .2 ? 30 : 0);
  }

  private static Sample busy(Arm arm, int minute, int client, RandomGenerator random) {
    return client == 0 ? fault(random, .1).withRetries(10) : fault(random, .002);
  }

  private static Sample badRequests(Arm arm, int minute, int client, RandomGenerator random) {
    return arm == Arm.CANDIDATE && random.nextDouble() < .02 ? Sample.faulted(Scenario.INPUT) : fault(random, .002);
  }

  private static Sample newKind(Arm arm, int minute, int client, RandomGenerator random) {
    return arm == Arm.CANDIDATE && random.nextDouble() < .005 ? Sample.faulted("check.nonfinite") : fault(random, .005);
  }

  private static Sample slowTail(Arm arm, int minute, int client, RandomGenerator random) {
    return Sample.served(latency(random, arm == Arm.CANDIDATE && random.nextDouble() < .02 ? 200 : 20));
  }

  private static Sample rareTail(Arm arm, int minute, int client, RandomGenerator random) {
    return Sample.served(latency(random, arm == Arm.CANDIDATE && random.nextDouble() < .005 ? 200 : 20));
  }

  private static Behaviour outputs(double label, double shift) {
    return (arm, _, _, random) -> {
      boolean isCandidate = arm == Arm.CANDIDATE;
      String said = random.nextDouble() < (isCandidate ? label : .6) ? "approve" : "decline";
      double score = random.nextGaussian() + (isCandidate ? shift : 0);
      return new Sample("", latency(random, 20), List.of(new OutputFact.Label("label", said), new OutputFact.Score("score", score)), 0);
    };
  }
}
