package dev.faultline.server.keep;

import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Groups beyond the life of a process: taken from the capture store at the start, so that a group keeps its id, and written back when
/// they have changed: every few seconds, at the end, and at once when one was resolved or has come back.
public final class KeptGroups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptGroups.class);
  private static final String KIND = "group";
  private static final long EVERY_SECONDS = 5;
  private static final long CLOSE_MILLIS = 5_000;

  private final FaultGroups groups;
  private final CaptureStore store;
  private final CountDownLatch restored = new CountDownLatch(1);
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean closing;
  private final Map<String, FaultGroup> written = new HashMap<>();
  private final Thread thread;

  public KeptGroups(FaultGroups groups, CaptureStore store) {
    this.groups = groups;
    this.store = store;
    groups.onRegression(_ -> wake.release());
    this.thread = Thread.ofPlatform().daemon().name("faultline-groups").start(this::run);
  }

  /// Waits until the groups of earlier runs are there; a store that takes longer is not waited for.
  public void awaitRestored(long millis) throws InterruptedException {
    if (!restored.await(millis, TimeUnit.MILLISECONDS)) {
      LOG.warn("the capture store takes longer than {} ms to open; fault groups of earlier runs come later", millis);
    }
  }

  @Override
  public void close() {
    closing = true;
    wake.release();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    restore();
    try {
      while (!closing) {
        if (wake.tryAcquire(EVERY_SECONDS, TimeUnit.SECONDS)) {
          wake.drainPermits();
        }
        write();
      }
    } catch (InterruptedException e) {
      // nobody interrupts this thread but a foreign library; what has changed is written all the same
      LOG.debug("interrupted", e);
    }
    write();
  }

  private synchronized void restore() {
    try {
      List<FaultGroup> earlier = store.kept(KIND, FaultGroups.GROUPS_MAX).stream().flatMap(json -> GroupDocument.read(json).stream()).toList();
      earlier.forEach(group -> written.put(group.id(), group));
      groups.restore(earlier);
    } catch (CaptureStoreException e) {
      LOG.error("fault groups of earlier runs cannot be read; groups begin anew", e);
    } finally {
      restored.countDown();
    }
  }

  /// Writes what has changed, now: when it returns, what was resolved is on disk, unless the log says why not.
  public synchronized void write() {
    if (restored.getCount() > 0) {
      return; // ids may still be given to groups of earlier runs; what is new is written once they are there
    }
    try {
      for (FaultGroup group : groups.list()) {
        if (!group.equals(written.get(group.id()))) {
          store.keep(KIND, group.id(), GroupDocument.text(group));
          written.put(group.id(), group);
        }
      }
      written.keySet().retainAll(groups.list().stream().map(FaultGroup::id).toList());
    } catch (CaptureStoreException e) {
      LOG.error("fault groups cannot be written; they are tried again in {} s", EVERY_SECONDS, e);
    }
  }
}
