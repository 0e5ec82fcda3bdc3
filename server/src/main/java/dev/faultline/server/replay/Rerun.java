package dev.faultline.server.replay;

import dev.faultline.capture.Redaction;
import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import dev.faultline.compare.OutputComparator;
import dev.faultline.compare.Tolerance;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.server.keep.Redactions;
import dev.faultline.server.replay.KeptRequest.Body;
import dev.faultline.server.replay.ReplayResult.Found;
import dev.faultline.server.replay.ReplayResult.OutputScore;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Runs one kept request again and says what became of it.
///
/// On the version it met, one run is held against the record. On another version, the version it met runs too, so that nothing is called fixed
/// that fails nowhere any more, and outputs are compared with outputs. Where they differ, the version it met runs once more: what it does not
/// agree on with itself is noise.
final class Rerun {
  /// How long one run may take.
  static final long RUN_MILLIS_MAX = 60_000;

  private final ReplayOrder order;
  private final Replayer replayer;
  private final Redactions redactions;
  private final Pace pace;
  private final Cancellation cancellation;
  private final LongSupplier nanoClock;
  private final ReplayJudge judge;

  Rerun(ReplayOrder order, Replayer replayer, Redactions redactions, Pace pace, Cancellation cancellation, LongSupplier nanoClock, ReplayJudge judge) {
    this.order = order;
    this.replayer = replayer;
    this.redactions = redactions;
    this.pace = pace;
    this.cancellation = cancellation;
    this.nanoClock = nanoClock;
    this.judge = judge;
  }

  ReplayResult of(KeptRequest request) throws InterruptedException {
    String to = order.isOnVersionMet() ? request.version().version() : order.to();
    try {
      request.requireRunnable();
      boolean same = to.equals(request.version().version()) && isTheFileItMet(request);
      return same ? onVersionMet(request, to) : onAnother(request, to);
    } catch (UnresolvedException e) {
      return ReplayResult.unresolved(request, to, e);
    }
  }

  private ReplayResult onVersionMet(KeptRequest request, String version) throws UnresolvedException, InterruptedException {
    Trial trial = run(request, version);
    if (request.failed() && trial.isGood()) {
      requireUnredacted(request);
      return result(request, version, ReplayStatus.NOT_REPRODUCED, trial);
    }
    if (request.failed()) {
      return result(request, version, trial.shows(request.codes()) ? ReplayStatus.REPRODUCED : ReplayStatus.STILL_FAILING, trial);
    }
    requireUnredacted(request);
    return trial.isGood() ? againstRecord(request, version, trial) : result(request, version, ReplayStatus.NEWLY_FAILING, trial);
  }

  private ReplayResult onAnother(KeptRequest request, String to) throws UnresolvedException, InterruptedException {
    requireHarmless(request.version().model(), to);
    Optional<Trial> before = isTheFileItMet(request) ? runBefore(request) : Optional.empty();
    return request.failed() ? failedBefore(request, to, before) : servedBefore(request, to, before);
  }

  private ReplayResult failedBefore(KeptRequest request, String to, Optional<Trial> before) throws UnresolvedException, InterruptedException {
    if (before.isPresent() && before.get().isGood()) {
      requireUnredacted(request);
      return result(request, to, ReplayStatus.NOT_REPRODUCED, before.get());
    }
    Trial trial = run(request, to);
    ReplayResult result = result(request, to, trial.isGood() ? ReplayStatus.FIXED : ReplayStatus.STILL_FAILING, trial);
    return before.isPresent() ? result : result.unconfirmed();
  }

  private ReplayResult servedBefore(KeptRequest request, String to, Optional<Trial> before) throws UnresolvedException, InterruptedException {
    if (before.isPresent() && !before.get().isGood()) {
      requireUnredacted(request);
      throw new UnresolvedException(Lack.NOT_COMPARABLE, "version " + request.version().version() + " served it then and fails now: " + before.get().faults().getFirst().summary());
    }
    Trial trial = run(request, to);
    if (before.isPresent()) {
      judge(request, to, before.get(), trial);
    }
    if (!trial.isGood()) {
      return before.isPresent() ? result(request, to, ReplayStatus.NEWLY_FAILING, trial) : result(request, to, ReplayStatus.NEWLY_FAILING, trial).unconfirmed();
    }
    return before.isPresent() ? compared(request, to, before.get(), trial) : againstRecord(request, to, trial).unconfirmed();
  }

  /// A redacted body may fail for want of what was taken out of it, so it says nothing about the version.
  private void judge(KeptRequest request, String to, Trial before, Trial after) throws UnresolvedException, InterruptedException {
    if (!order.isJudged() || request.body() == Body.REDACTED) {
      return;
    }
    if (after.isGood()) {
      judge.compared(before.outputs(), after.outputs(), () -> run(request, to));
    } else {
      judge.failed(after, before.outputs(), request.capture().isEmpty() ? request.arrival().id().value() : request.capture(), () -> run(request, to));
    }
  }

  private ReplayResult compared(KeptRequest request, String to, Trial before, Trial after) throws UnresolvedException, InterruptedException {
    Tolerance tolerance = order.tolerance();
    Comparison comparison = new OutputComparator(tolerance).compare(before.outputs(), after.outputs());
    if (!comparison.isSame()) {
      tolerance = tolerance.withNoiseFloor(noise(request, before));
      comparison = new OutputComparator(tolerance).compare(before.outputs(), after.outputs());
    }
    Redaction redaction = redactions.of(request.version());
    List<OutputDifference> differences = comparison.differences().stream().map(each -> OutputDifference.of(each, redaction)).toList();
    var found = new Found(scores(before.outputs(), after.outputs(), comparison.differences()), differences);
    return result(request, to, comparison.isSame() ? ReplayStatus.UNCHANGED : ReplayStatus.CHANGED, after).comparing(found);
  }

  /// How far two runs of the version it met lie apart.
  private double noise(KeptRequest request, Trial before) throws UnresolvedException, InterruptedException {
    Trial again = run(request, request.version().version());
    Comparison comparison = new OutputComparator(Tolerance.ROUNDING).compare(before.outputs(), again.outputs());
    if (!again.isGood() || comparison.differences().stream().anyMatch(each -> !(each instanceof Difference.OtherNumbers || each instanceof Difference.OtherRanks))) {
      throw new UnresolvedException(Lack.UNSTEADY, "version " + request.version().version() + " does not answer it the same way twice");
    }
    return comparison.absoluteMax();
  }

  private ReplayResult againstRecord(KeptRequest request, String to, Trial trial) throws UnresolvedException {
    requireUnredacted(request);
    var recorded = new RecordedOutputs(KeptRequests.tree(request.outputs()).path("outputs"), order.tolerance());
    if (recorded.isEmpty()) {
      throw new UnresolvedException(Lack.NOT_COMPARABLE, "it is served, but nothing is kept of the outputs that it had");
    }
    List<OutputDifference> differences = recorded.differences(trial.outputs());
    List<OutputScore> scores = trial.outputs().stream()
        .map(output -> new OutputScore(output.name(), differences.stream().anyMatch(each -> each.output().equals(output.name())), Double.NaN))
        .toList();
    return result(request, to, differences.isEmpty() ? ReplayStatus.UNCHANGED : ReplayStatus.CHANGED, trial).comparing(new Found(scores, differences));
  }

  private static List<OutputScore> scores(List<Tensor> before, List<Tensor> after, List<Difference> differences) {
    var comparator = new OutputComparator(Tolerance.ROUNDING);
    var scores = new ArrayList<OutputScore>();
    for (Tensor output : before) {
      double absoluteMax = after.stream().filter(each -> each.name().equals(output.name())).findFirst().map(each -> comparator.compare(output, each).absoluteMax()).orElse(Double.NaN);
      scores.add(new OutputScore(output.name(), differences.stream().anyMatch(each -> each.output().equals(output.name())), absoluteMax));
    }
    return scores;
  }

  private ReplayResult result(KeptRequest request, String to, ReplayStatus status, Trial trial) {
    return ReplayResult.of(request, to, status, trial.shown(redactions.of(request.version())));
  }

  /// The version it met, where that can still be loaded; the record speaks where it cannot.
  private Optional<Trial> runBefore(KeptRequest request) throws UnresolvedException, InterruptedException {
    try {
      return Optional.of(run(request, request.version().version()));
    } catch (UnresolvedException e) {
      if (e.lack() == Lack.VERSION_UNLOADED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// A version whose file was replaced since is another version in all but name.
  private boolean isTheFileItMet(KeptRequest request) {
    String digest = request.version().digest();
    try {
      return replayer.artifact(request.version().model(), request.version().version()).digest().equals(digest) || digest.isEmpty();
    } catch (ReplayException e) {
      // it is gone, or does not load any more
      return false;
    }
  }

  private Trial run(KeptRequest request, String version) throws UnresolvedException, InterruptedException {
    String model = request.version().model();
    // loads it, so that loading is not taken for the request's own time
    requireHarmless(model, version);
    pace.await(Long.MAX_VALUE);
    long start = nanoClock.getAsLong();
    try {
      return Trial.of(replayer.replay(Setup.of(model, version), new Subject.AsArrived(request.arrival()), Deadline.after(start, RUN_MILLIS_MAX * 1_000_000), cancellation));
    } catch (ReplayException e) {
      throw unloaded(e);
    } finally {
      pace.spend(nanoClock.getAsLong() - start);
    }
  }

  private void requireHarmless(String model, String version) throws UnresolvedException {
    try {
      if (replayer.settings(model, version).sideEffects()) {
        throw new UnresolvedException(Lack.SIDE_EFFECTS, "contract.yaml says that version " + version + " of '" + model + "' has side effects, so it is not run again");
      }
    } catch (ReplayException e) {
      throw unloaded(e);
    }
  }

  private static UnresolvedException unloaded(ReplayException e) {
    return new UnresolvedException(Lack.VERSION_UNLOADED, String.valueOf(e.getMessage()));
  }

  private static void requireUnredacted(KeptRequest request) throws UnresolvedException {
    if (request.body() == Body.REDACTED) {
      throw new UnresolvedException(Lack.REDACTED, "redaction put zeros in the place of values of its body, and they may be what makes the difference");
    }
  }
}
