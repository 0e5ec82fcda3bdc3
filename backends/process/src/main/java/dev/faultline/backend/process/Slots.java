package dev.faultline.backend.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/// The slots of one worker: made when needed, kept for the next run, bounded.
final class Slots {
  private final WorkerFolder folder;
  private final long regionBytesMax;
  private final Semaphore free;
  private final Deque<Slot> idle = new ArrayDeque<>();
  private int opened;

  Slots(WorkerFolder folder, int slotsMax, long regionBytesMax) {
    this.folder = folder;
    this.regionBytesMax = regionBytesMax;
    this.free = new Semaphore(slotsMax);
  }

  /// Waits when all are taken. The one used last comes first: its memory is warm.
  Slot take() throws IOException {
    free.acquireUninterruptibly();
    boolean taken = false;
    try {
      Slot slot = next();
      taken = true;
      return slot;
    } finally {
      if (!taken) {
        free.release();
      }
    }
  }

  void giveBack(Slot slot) {
    synchronized (this) {
      idle.addFirst(slot);
    }
    free.release();
  }

  /// For a slot whose connection is of no use any more.
  void discard(Slot slot) throws IOException {
    free.release();
    slot.close();
  }

  /// Closes the idle ones; those in use fail by themselves and are discarded.
  synchronized void close() throws IOException {
    for (Slot slot : idle) {
      slot.close();
    }
    idle.clear();
  }

  private Slot next() throws IOException {
    int number;
    synchronized (this) {
      if (!idle.isEmpty()) {
        return idle.removeFirst();
      }
      number = opened++;
    }
    return Slot.open(folder, number, regionBytesMax);
  }
}
