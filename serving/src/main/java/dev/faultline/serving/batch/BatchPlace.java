package dev.faultline.serving.batch;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.BatchSeat;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.backend.Waiting;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// A seat in a batch that is under way. The request has its own deadline and may leave; the others do not notice.
final class BatchPlace implements Place {
  private final Member member;
  private final LongSupplier clock;

  BatchPlace(Member member, LongSupplier nanoClock) {
    this.member = member;
    this.clock = nanoClock;
  }

  @Override
  public RunResult run(LoadedModel model, List<Tensor> inputs, String caller) {
    long start = clock.getAsLong();
    while (true) {
      long now = clock.getAsLong();
      long rest = member.ask.deadline().remainingNanos(now);
      requireWanted(rest, now - start);
      try {
        RunResult result = member.answer.get(Math.min(Waiting.POLL_NANOS, rest), TimeUnit.NANOSECONDS);
        member.faultId.complete("");
        return result;
      } catch (TimeoutException e) {
        // look again
      } catch (ExecutionException e) {
        throw failure(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw left(new StoppedFault.Cancelled(Stage.INFER));
      }
    }
  }

  @Override
  public void faulted(String faultId) {
    member.faultId.complete(faultId);
  }

  @Override
  public BatchSeat seat() {
    return member.seat();
  }

  /// A fault is told before this; whoever has none is done now.
  @Override
  public void close() {
    member.leave();
  }

  private void requireWanted(long restNanos, long ranNanos) {
    if (restNanos <= 0) {
      throw left(new StoppedFault.DeadlinePassed(Stage.INFER, member.ask.deadline().budgetNanos() / 1e6));
    }
    if (ranNanos >= Waiting.POLL_NANOS && member.ask.cancellation().isCancelled()) {
      throw left(new StoppedFault.Cancelled(Stage.INFER));
    }
  }

  private FaultException left(StoppedFault why) {
    member.leave();
    return new FaultException(why);
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof FaultException fault
        ? new FaultException(fault.fault(), fault)
        : new IllegalStateException("a batch ended as no batch may end", e.getCause());
  }
}
