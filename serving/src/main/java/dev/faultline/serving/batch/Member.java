package dev.faultline.serving.batch;

import dev.faultline.fault.FaultException;
import dev.faultline.request.BatchSeat;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One request in a batch, from the moment it waits for one until it has its answer or has left.
final class Member {
  private enum Standing {
    WAITING,
    STARTED,
    REFUSED
  }

  final Ask ask;
  final BatchKey key;
  final int rows;
  final int level;
  final long turn;
  final long joinedAtNanos;
  final CompletableFuture<RunResult> answer = new CompletableFuture<>();

  /// The id of the request's fault, empty when it has none.
  final CompletableFuture<String> faultId = new CompletableFuture<>();

  private final Thread thread = Thread.currentThread();
  private volatile Standing standing = Standing.WAITING;
  private volatile BatchSeat seat = BatchSeat.NONE;
  private volatile boolean gone;
  private volatile @Nullable FaultException refusal;

  Member(Ask ask, BatchKey key, int level, long turn, long joinedAtNanos) {
    this.ask = ask;
    this.key = key;
    this.rows = (int) BatchKey.rows(ask.inputs());
    this.level = level;
    this.turn = turn;
    this.joinedAtNanos = joinedAtNanos;
  }

  List<Tensor> inputs() {
    return ask.inputs();
  }

  boolean isWaiting() {
    return standing == Standing.WAITING;
  }

  BatchSeat seat() {
    return seat;
  }

  void start(BatchSeat taken) {
    seat = taken;
    wake(Standing.STARTED);
  }

  void refuse(FaultException why) {
    refusal = why;
    wake(Standing.REFUSED);
  }

  void requireStarted() {
    FaultException why = refusal;
    if (why != null) {
      throw new FaultException(why.fault(), why);
    }
  }

  /// It no longer waits for an answer.
  void leave() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  private void wake(Standing next) {
    standing = next;
    LockSupport.unpark(thread);
  }
}
