package dev.faultline.server.nodes;

import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.server.profile.ProfileException;
import dev.faultline.server.replay.KeptTraffic.Sent;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The kept requests that every version serves, with what each version's engine is given for them, and the replays that time their stages.
///
/// At most [#INPUT_BYTES_MAX] of engine inputs are held.
final class Subjects {
  static final long INPUT_BYTES_MAX = 64L << 20;
  private static final long RUN_NANOS_MAX = 60_000_000_000L;

  private final Replayer replayer;
  private final String model;
  private final List<String> versions;
  private final Cancellation cancellation;
  private final LongSupplier nanoClock;
  private final List<Sent> requests = new ArrayList<>();
  private final Map<String, List<List<Tensor>>> inputs = new HashMap<>();
  private long bytes;
  private long nanosOfAll;

  Subjects(Replayer replayer, NodeWish wish, Cancellation cancellation, LongSupplier nanoClock) {
    this.replayer = replayer;
    this.model = wish.model();
    this.versions = wish.versions();
    this.cancellation = cancellation;
    this.nanoClock = nanoClock;
    versions.forEach(version -> inputs.put(version, new ArrayList<>()));
  }

  /// Takes those that every version serves, until one round of all takes longer than `roundNanosMax`.
  void choose(List<Sent> sent, long roundNanosMax) throws ProfileException {
    for (String version : versions) {
      requireHarmless(version);
    }
    for (Sent each : sent) {
      boolean full = !requests.isEmpty() && (nanosOfAll > roundNanosMax || bytes > INPUT_BYTES_MAX);
      if (full || cancellation.isCancelled()) {
        return;
      }
      tryOne(each);
    }
  }

  int count() {
    return requests.size();
  }

  boolean anyRedacted() {
    return requests.stream().anyMatch(Sent::redacted);
  }

  /// What the engine of a version is given, request by request.
  List<List<Tensor>> inputs(String version) {
    return List.copyOf(inputs.getOrDefault(version, List.of()));
  }

  /// Runs every request on a version and says what its stages and steps took.
  Map<Timed, Double> round(String version) throws ProfileException {
    var sum = new Rounds.Sum<Timed>();
    for (Sent request : requests) {
      Passage passage = run(request, version).passage();
      passage.stages().forEach(stage -> sum.add(Timed.stage(stage.stage().name()), stage.durationNanos() / 1e3));
      passage.steps().forEach(step -> sum.add(Timed.step(step.stage().name(), step.name(), step.kind()), step.durationNanos() / 1e3));
    }
    return sum.mean(requests.size());
  }

  private void tryOne(Sent sent) throws ProfileException {
    var given = new HashMap<String, List<Tensor>>();
    long nanos = 0;
    for (String version : versions) {
      Outcome outcome = run(sent, version);
      Optional<Passage> served = outcome instanceof Outcome.Served ? Optional.of(outcome.passage()) : Optional.empty();
      if (served.isEmpty()) {
        return;
      }
      nanos += served.get().totalNanos();
      given.put(version, served.get().engineInputs());
    }
    requests.add(sent);
    nanosOfAll += nanos;
    given.forEach((version, tensors) -> {
      bytes += tensors.stream().mapToLong(tensor -> tensor.shape().elementCount() * Double.BYTES).sum();
      inputs.computeIfAbsent(version, _ -> new ArrayList<>()).add(tensors);
    });
  }

  private Outcome run(Sent sent, String version) throws ProfileException {
    try {
      var until = Deadline.after(nanoClock.getAsLong(), RUN_NANOS_MAX);
      return replayer.replay(Setup.of(model, version), new Subject.AsArrived(sent.arrival()), until, cancellation);
    } catch (ReplayException e) {
      throw new ProfileException(String.valueOf(e.getMessage()), e);
    }
  }

  private void requireHarmless(String version) throws ProfileException {
    try {
      if (replayer.settings(model, version).sideEffects()) {
        throw new ProfileException("contract.yaml says that version " + version + " of '" + model + "' has side effects, so its requests are not run again");
      }
    } catch (ReplayException e) {
      throw new ProfileException(String.valueOf(e.getMessage()), e);
    }
  }
}
