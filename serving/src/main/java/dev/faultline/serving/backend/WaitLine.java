package dev.faultline.serving.backend;

import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/// Who waits for a place: by level, and within a level first come, first served. Guarded by the lanes' lock.
final class WaitLine {
  /// Before everybody: runs that finish what was let in already.
  static final int FRONT = 0;

  /// Levels of requests are 1 to this; what asks for less comes last.
  static final int LEVEL_MAX = 9;

  /// The level of a request that names none: below those that want to be first, above those that let others pass.
  static final int LEVEL_DEFAULT = 5;

  enum Standing {
    WAITING,
    GRANTED,
    REFUSED
  }

  static final class Waiter {
    final int level;
    final long turn;
    final boolean isRequest;
    final Thread thread = Thread.currentThread();
    volatile Standing standing = Standing.WAITING;

    Waiter(int level, long turn, boolean isRequest) {
      this.level = level;
      this.turn = turn;
      this.isRequest = isRequest;
    }
  }

  private final TreeSet<Waiter> waiters =
      new TreeSet<>(Comparator.comparingInt((Waiter each) -> each.level).thenComparingLong(each -> each.turn));
  private final int[] byLevel = new int[LEVEL_MAX + 1];
  private int requests;
  private long turns;

  static int level(int priority) {
    return priority <= 0 ? LEVEL_DEFAULT : Math.min(priority, LEVEL_MAX);
  }

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  /// Requests that wait; a batch that waits for its lane is none.
  int requests() {
    return requests;
  }

  /// How many would be served before one that joins at `level` now.
  int ahead(int level) {
    int ahead = 0;
    for (int each = FRONT; each <= level; each++) {
      ahead += byLevel[each];
    }
    return ahead;
  }

  Waiter join(int level, boolean isRequest) {
    var waiter = new Waiter(level, turns++, isRequest);
    waiters.add(waiter);
    count(waiter, 1);
    return waiter;
  }

  /// Takes out one that no longer waits for its turn.
  void leave(Waiter waiter) {
    waiters.remove(waiter);
    count(waiter, -1);
  }

  /// Takes out the one whose turn it is.
  Optional<Waiter> next() {
    if (waiters.isEmpty()) {
      return Optional.empty();
    }
    Waiter first = waiters.first();
    leave(first);
    return Optional.of(first);
  }

  private void count(Waiter waiter, int more) {
    byLevel[waiter.level] += more;
    requests += waiter.isRequest ? more : 0;
  }
}
