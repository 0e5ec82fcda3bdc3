package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/// A canary whose truth is known.
///
/// `clients` 0: each request is drawn for a version by itself. Otherwise clients are drawn, the first of them sends `busiest` of all requests, and a client keeps its
/// version until the share passes it. `keysKnown` says whether the judge is told who they are. `payloads`: how many different ones there are, 0: each request has its own. Tries of a request
/// come two seconds apart, to the same version, with the same payload.
record Scenario(
    String name, boolean isHarmful, int perMinute, int minutes, IntToDoubleFunction share, int clients, double busiest, boolean keysKnown, int payloads, Behaviour behaviour) {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  /// Faults of this group are caused by the request, which an investigation would find.
  static final String INPUT = "validate.range";

  Scenario asHarmful() {
    return new Scenario(name, true, perMinute, minutes, share, clients, busiest, keysKnown, payloads, behaviour);
  }

  Scenario withPayloads(int different) {
    return new Scenario(name, isHarmful, perMinute, minutes, share, clients, busiest, keysKnown, different, behaviour);
  }

  /// One run of it, minute by minute.
  Run run(long seed) {
    return new Run(this, new SplittableRandom(seed));
  }

  static final class Run {
    private final Scenario scenario;
    private final SplittableRandom random;
    private final double[] places;
    private int minute;
    private long sent;

    private Run(Scenario scenario, SplittableRandom random) {
      this.scenario = scenario;
      this.random = random;
      places = random.doubles(Math.max(1, scenario.clients)).toArray();
    }

    /// Whether a stage of the ramp begins with the next minute.
    boolean isStage() {
      return minute == 0 || scenario.share.applyAsDouble(minute) != scenario.share.applyAsDouble(minute - 1);
    }

    List<Observation> next() {
      var requests = new ArrayList<Observation>(scenario.perMinute);
      for (int i = 0; i < scenario.perMinute; i++) {
        Instant at = START.plusSeconds(60L * minute).plusMillis(60_000L * i / scenario.perMinute);
        one(at, requests);
      }
      minute++;
      return requests;
    }

    private void one(Instant at, List<Observation> into) {
      double share = scenario.share.applyAsDouble(minute);
      int client = scenario.clients == 0 ? 0 : client(random);
      Arm arm = (scenario.clients == 0 ? random.nextDouble() : places[client]) < share ? Arm.CANDIDATE : Arm.BASELINE;
      Sample sample = scenario.behaviour.answer(arm, minute, client, random);
      String key = scenario.clients > 0 && scenario.keysKnown ? "client " + client : "";
      String likeness = sample.group().isEmpty() ? "" : "payload " + (scenario.payloads == 0 ? sent++ : random.nextInt(scenario.payloads));
      for (int i = 0; i <= sample.retries(); i++) {
        into.add(new Observation(arm, share, at.plusSeconds(2L * i), sample.group(), sample.latencyMillis(), sample.outputs(), key, likeness));
      }
    }

    private int client(RandomGenerator random) {
      return random.nextDouble() < scenario.busiest ? 0 : random.nextInt(scenario.clients);
    }
  }
}
