package dev.faultline.server.investigate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Investigations that wait: those that somebody asked for first, then those of the background, each in order of arrival. Both bounded.
final class Waiting {
  static final int CALLERS_MAX = 64;
  static final int BACKGROUND_MAX = 256;

  private record Due(Ticket ticket, long atNanos) {}

  private final Deque<Ticket> callers = new ArrayDeque<>();
  private final Deque<Due> background = new ArrayDeque<>();
  private boolean closed;

  /// @return false when too many wait
  synchronized boolean offer(Ticket ticket) {
    if (closed || callers.size() >= CALLERS_MAX) {
      return false;
    }
    callers.add(ticket);
    notifyAll();
    return true;
  }

  /// To be run by itself, not before a moment of the monotonic clock.
  ///
  /// @return false when too many wait
  synchronized boolean offer(Ticket ticket, long notBeforeNanos) {
    if (closed || background.size() >= BACKGROUND_MAX) {
      return false;
    }
    background.add(new Due(ticket, notBeforeNanos));
    notifyAll();
    return true;
  }

  /// The next one, waiting for it; empty when closed.
  synchronized Optional<Ticket> take() throws InterruptedException {
    while (!closed) {
      if (!callers.isEmpty()) {
        return Optional.of(callers.remove());
      }
      Due due = background.peek();
      long rest = due == null ? Long.MAX_VALUE : due.atNanos() - System.nanoTime();
      if (due != null && rest <= 0) {
        return Optional.of(background.remove().ticket());
      }
      wait(due == null ? 0 : Math.max(1, rest / 1_000_000));
    }
    return Optional.empty();
  }

  synchronized int size() {
    return callers.size() + background.size();
  }

  synchronized void close() {
    closed = true;
    callers.clear();
    background.clear();
    notifyAll();
  }
}
