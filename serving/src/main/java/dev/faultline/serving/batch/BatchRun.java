package dev.faultline.serving.batch;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.serving.backend.Hold;
import dev.faultline.serving.backend.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One batch from its lane to its answers. Runs on a thread of its own; every member has an answer when it ends.
final class BatchRun {
  /// Members of a batch whose answer is compared with the one they get alone while the model's rows are on trial.
  private static final int TRIAL_MEMBERS_MAX = 4;

  private final Batcher batcher;
  private final BatchCalls calls;
  private final BatchCounts counts;

  BatchRun(Batcher batcher, BatchCalls calls, BatchCounts counts) {
    this.batcher = batcher;
    this.calls = calls;
    this.counts = counts;
  }

  void run(Hold hold, List<Member> members) {
    counts.batch(members.size(), members.stream().mapToInt(member -> member.rows).sum());
    try {
      RunResult result = calls.run(hold, members);
      if (members.size() > 1 && batcher.isOnTrial()) {
        compare(members, result);
      }
      deliver(members, result);
    } catch (FaultException | IllegalStateException e) {
      if (members.size() > 1 && isOfSomeRow(e)) {
        new PoisonSearch(members, e, calls, this, counts).search();
      } else {
        members.forEach(member -> member.answer.completeExceptionally(e));
      }
    }
  }

  /// Gives each its rows. What is not laid out by row is of no use to anybody, so everybody runs alone then.
  void deliver(List<Member> members, RunResult result) {
    if (members.size() == 1) {
      members.getFirst().answer.complete(result);
      return;
    }
    Optional<List<RunResult>> shares = shares(members, result);
    if (shares.isEmpty()) {
      batcher.refuse("an output of a batch of " + members.size() + " requests is not laid out by row");
      members.forEach(this::runAlone);
      return;
    }
    for (int i = 0; i < members.size(); i++) {
      members.get(i).answer.complete(shares.get().get(i));
    }
  }

  void poisoned(Member member) {
    batcher.poison(member);
  }

  void shrink(int rowsMax, String reason) {
    batcher.shrink(rowsMax, reason);
  }

  /// Whether a failure may lie in some row, as opposed to the callers' clocks, the process or the queue.
  static boolean isOfSomeRow(RuntimeException thrown) {
    if (!(thrown instanceof FaultException e)) {
      return true;
    }
    return switch (e.fault()) {
      case InferFault.NodeFailed _, InferFault.Failed _, InferFault.OutOfMemory _, InferFault.Timeout _ -> true;
      case Fault _ -> false;
    };
  }

  /// The first batches of a model show with real rows whether a row's answer depends on its neighbours.
  private void compare(List<Member> members, RunResult result) {
    Optional<List<RunResult>> shares = shares(members, result);
    if (shares.isEmpty()) {
      return;
    }
    for (int i = 0; i < members.size() && i < TRIAL_MEMBERS_MAX; i++) {
      double distance = members.get(i).isGone() ? 0 : distance(members.get(i), shares.get().get(i));
      if (distance > 1) {
        batcher.refuse("a request answered otherwise alone than in a batch of " + members.size() + ", by " + said(distance));
        members.forEach(this::runAlone);
        return;
      }
    }
    batcher.trialPassed();
  }

  private double distance(Member member, RunResult share) {
    counts.trialCall();
    try {
      RunResult alone = calls.run(List.of(member));
      member.answer.complete(alone);
      return Likeness.distance(alone, share);
    } catch (FaultException | IllegalStateException e) {
      member.answer.completeExceptionally(e);
      return isOfSomeRow(e) ? Likeness.OTHER_ANSWER : 0;
    }
  }

  private static String said(double distance) {
    return Double.isInfinite(distance) ? "another value, type or shape" : "%.0f times what rounding explains".formatted(distance);
  }

  private void runAlone(Member member) {
    if (member.answer.isDone() || member.isGone()) {
      return;
    }
    counts.extraCall();
    try {
      member.answer.complete(calls.run(List.of(member)));
    } catch (FaultException | IllegalStateException e) {
      member.answer.completeExceptionally(e);
    }
  }

  private static Optional<List<RunResult>> shares(List<Member> members, RunResult result) {
    int total = members.stream().mapToInt(member -> member.rows).sum();
    var shares = new ArrayList<RunResult>(members.size());
    int from = 0;
    for (Member member : members) {
      Optional<RunResult> share = RowSplit.share(result, from, member.rows, total);
      if (share.isEmpty()) {
        return Optional.empty();
      }
      shares.add(share.get());
      from += member.rows;
    }
    return Optional.of(shares);
  }
}
