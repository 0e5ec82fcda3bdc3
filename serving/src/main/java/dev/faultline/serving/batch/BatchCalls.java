package dev.faultline.serving.batch;

import dev.faultline.fault.FaultException;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.Hold;
import dev.faultline.serving.backend.Lanes;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Runs some requests together on a lane. Stopped when the last of them has left or has no time left.
final class BatchCalls {
  private static final double USUAL_TIMES = 4;
  private static final int PARTS = 8;
  private static final long REPEAT_MILLIS_MIN = 50;

  private final LoadedModel model;
  private final Lanes lanes;

  BatchCalls(LoadedModel model, Lanes lanes) {
    this.model = model;
    this.lanes = lanes;
  }

  /// Before everybody who waits, since these were let in already.
  ///
  /// @throws FaultException as the engine failed, or as the lanes refused
  RunResult run(List<Member> members) {
    return run(lanes.reserveFront(), members);
  }

  /// The same, stopped after `limitMillis`.
  RunResult run(List<Member> members, long limitMillis) {
    try (Place place = lanes.place(lanes.reserveFront(), latest(members), () -> allGone(members), limitMillis)) {
      return run(place, members);
    }
  }

  /// How long a run may take that repeats part of one that ran out of time: four times what runs usually take.
  long repeatLimitMillis() {
    long most = lanes.limits().inferTimeoutMillis();
    double usual = lanes.meanRunNanos().map(nanos -> USUAL_TIMES * nanos / 1e6).orElse((double) most / PARTS);
    return Math.min(most, Math.max(REPEAT_MILLIS_MIN, (long) usual));
  }

  /// For what it shows; the members have their answers already.
  void runAgain(List<Member> members) {
    try (Place place = lanes.place(lanes.reserveFront(), Deadline.NEVER, Cancellation.NEVER)) {
      var _ = run(place, members);
    }
  }

  RunResult run(Hold hold, List<Member> members) {
    try (Place place = lanes.place(hold, latest(members), () -> allGone(members))) {
      return run(place, members);
    }
  }

  private RunResult run(Place place, List<Member> members) {
    try {
      return place.run(model, inputs(members), callers(members));
    } catch (FaultException e) {
      tellFaultIds(place, members);
      throw e;
    }
  }

  /// The requests by id.
  static String callers(List<Member> members) {
    return String.join(", ", members.stream().map(member -> member.ask.caller()).toList());
  }

  private static List<Tensor> inputs(List<Member> members) {
    return members.size() == 1 ? members.getFirst().inputs() : RowStack.join(members.stream().map(Member::inputs).toList());
  }

  /// What comes back late is logged under the ids of all requests that it failed.
  private static void tellFaultIds(Place place, List<Member> members) {
    var all = CompletableFuture.allOf(members.stream().map(member -> member.faultId).toArray(CompletableFuture<?>[]::new));
    var _ = all.thenRun(() -> place.faulted(String.join(", ", members.stream().map(member -> member.faultId.join()).filter(id -> !id.isEmpty()).toList())));
  }

  private static boolean allGone(List<Member> members) {
    return members.stream().allMatch(Member::isGone);
  }

  private static Deadline latest(List<Member> members) {
    Deadline latest = members.getFirst().ask.deadline();
    for (Member member : members) {
      Deadline next = member.ask.deadline();
      latest = latest.earlier(next).equals(latest) ? next : latest;
    }
    return latest;
  }
}
