package dev.faultline.server.profile;

import dev.faultline.server.profile.StackFromFrames.Recorded;
import dev.faultline.server.profile.Stacks.Stack;
import dev.faultline.serving.Visit;
import dev.faultline.serving.backend.LaneRun;
import dev.faultline.serving.landmark.Spot;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The server's own sampler of where requests are, waiting or not. A profiler that looks at the operating system's threads sees none of the
/// virtual threads that wait.
final class WallSampler implements Sampler {
  private static final long PERIOD_NANOS = 20_000_000;
  /// Requests looked at in one round.
  private static final int REQUESTS_MAX = 64;

  private final Supplier<List<Visit>> visits;
  private final Supplier<List<LaneRun>> lanes;

  WallSampler(Supplier<List<Visit>> visits, Supplier<List<LaneRun>> lanes) {
    this.visits = visits;
    this.lanes = lanes;
  }

  @Override
  public Taken take(ProfileEvent event, Length length, Path recording, Stacks into) throws InterruptedException {
    var over = new AtomicBoolean();
    Thread rounds = Thread.ofPlatform().daemon().name("faultline-profile-wall").start(() -> {
      while (!over.get()) {
        round(into);
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    });
    try {
      length.await();
    } finally {
      over.set(true);
      LockSupport.unpark(rounds);
      rounds.join();
    }
    return new Taken("the server's own sampler", false);
  }

  private void round(Stacks into) {
    visits.get().stream().limit(REQUESTS_MAX).forEach(visit -> request(visit, into));
    for (LaneRun run : lanes.get()) {
      List<Recorded> frames = frames(run.thread());
      if (!frames.isEmpty()) {
        into.add(StackFromFrames.of(run.thread().getName(), frames, false), 1);
      }
    }
  }

  private static void request(Visit visit, Stacks into) {
    List<Recorded> frames = frames(visit.thread());
    if (frames.isEmpty()) {
      return;
    }
    Stack stack = StackFromFrames.of("", frames, false);
    var known = Owner.at(new Spot(visit.version().model(), visit.version().version(), visit.stage().name(), ""));
    into.add(stack.owner().isRest() ? new Stack(known, stack.frames(), "") : stack, 1);
  }

  private static List<Recorded> frames(Thread thread) {
    return Arrays.stream(thread.getStackTrace()).map(each -> Recorded.java(each.getClassName(), each.getMethodName(), each.getLineNumber())).toList();
  }
}
