package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CaptureQueueTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final CaptureQueue.Limits SMALL = new CaptureQueue.Limits(10, 1_000, 4, 5, 2_000);

  private final GatedStore store = new GatedStore();
  private final AtomicInteger rendered = new AtomicInteger();

  @Test
  void whatIsOfferedIsRenderedAndStoredInTheBackground() {
    try (var queue = new CaptureQueue(store, SMALL)) {
      store.gate.release(1_000);
      for (int i = 0; i < 5; i++) {
        assertThat(queue.offer(1, this::capture)).isTrue();
      }

      assertThat(queue.flush(LONG)).isTrue();
      assertThat(store.stats().count()).isEqualTo(5);
      assertThat(queue.counts().stored()).isEqualTo(5);
      assertThat(queue.counts().storedBytes()).isPositive();
      assertThat(queue.counts().depth()).isZero();
    }
  }

  @Test
  void aFullQueueDropsAndCountsWithoutWaiting() throws InterruptedException {
    try (var queue = new CaptureQueue(store, SMALL)) {
      queue.offer(1, this::capture);
      store.reached.await();
      for (int i = 0; i < 25; i++) {
        queue.offer(1, this::capture);
      }

      assertThat(queue.counts().dropped()).isEqualTo(15);
      assertThat(queue.counts().depth()).isEqualTo(10);
      assertThat(queue.counts().lastFailure()).contains("full", "10 captures");
      store.gate.release(1_000);
      assertThat(queue.flush(LONG)).isTrue();
      assertThat(queue.counts().stored()).isEqualTo(11);
    }
  }

  @Test
  void bytesFillTheQueueToo() throws InterruptedException {
    try (var queue = new CaptureQueue(store, SMALL)) {
      queue.offer(1, this::capture);
      store.reached.await();

      assertThat(queue.offer(5_000, this::capture)).as("one that is too large alone").isTrue();
      assertThat(queue.offer(1, this::capture)).isFalse();
      assertThat(queue.counts().depthBytes()).isEqualTo(5_000);
      store.gate.release(1_000);
    }
  }

  @Test
  void aStoreThatFailsCostsItsBatchAndTheQueueGoesOn() {
    try (var queue = new CaptureQueue(store, SMALL)) {
      store.failure = "disk full";
      store.gate.release(1_000);
      queue.offer(1, this::capture);
      assertThat(queue.flush(LONG)).isTrue();
      store.failure = "";
      queue.offer(1, this::capture);
      assertThat(queue.flush(LONG)).isTrue();

      assertThat(queue.counts().dropped()).isEqualTo(1);
      assertThat(queue.counts().stored()).isEqualTo(1);
      assertThat(queue.counts().lastFailure()).contains("disk full");
    }
  }

  @Test
  void aRenderingThatFailsCostsOnlyItself() {
    try (var queue = new CaptureQueue(store, SMALL)) {
      store.gate.release(1_000);
      queue.offer(
          1,
          () -> {
            throw new IllegalStateException("no passage");
          });
      queue.offer(1, this::capture);
      assertThat(queue.flush(LONG)).isTrue();

      assertThat(queue.counts().stored()).isEqualTo(1);
      assertThat(queue.counts().dropped()).isEqualTo(1);
      assertThat(queue.counts().lastFailure()).contains("no passage");
    }
  }

  @Test
  void storedDroppedAndLeftOutAddUpToWhatWasOfferedByManyThreads() {
    store.gate.release(1_000_000);
    try (var queue = new CaptureQueue(store, SMALL)) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int thread = 0; thread < 8; thread++) {
          threads.execute(() -> offerMany(queue));
        }
      }
      assertThat(queue.flush(LONG)).isTrue();
      CaptureCounts counts = queue.counts();

      assertThat(counts.stored() + counts.dropped() + counts.sampledOut()).isEqualTo(8 * 1_500);
      assertThat(counts.sampledOut()).isEqualTo(8 * 500);
      assertThat(counts.stored()).isEqualTo(store.stats().count());
    }
  }

  private void offerMany(CaptureQueue queue) {
    for (int i = 0; i < 500; i++) {
      queue.offer(10, this::capture);
      queue.offer(10, this::capture);
      queue.leaveOut();
    }
  }

  @Test
  void closingStoresWhatWaitsAndTakesNoMore() {
    var queue = new CaptureQueue(store, SMALL);
    store.gate.release(1_000);
    for (int i = 0; i < 9; i++) {
      queue.offer(1, this::capture);
    }
    queue.close();

    assertThat(store.stats().count()).isEqualTo(9);
    assertThat(queue.offer(1, this::capture)).isFalse();
    assertThat(queue.counts().dropped()).isEqualTo(1);
  }

  @Test
  void closingDoesNotWaitForeverForAStoreThatHangs() throws InterruptedException {
    var queue = new CaptureQueue(store, new CaptureQueue.Limits(10, 1_000, 1, 1, 50));
    for (int i = 0; i < 5; i++) {
      queue.offer(1, this::capture);
    }
    store.reached.await();
    queue.close();

    assertThat(queue.counts().dropped()).isEqualTo(4);
    assertThat(queue.counts().lastFailure()).contains("stopped before 4");
    store.gate.release(1_000);
  }

  private Capture capture() {
    int n = rendered.incrementAndGet();
    var call = new CapturedCall("r" + n, "", "v2-rest", "POST", "/", Map.of(), "");
    return new Capture(
        "cap_" + n, Capture.Kind.BASELINE, 1, Instant.EPOCH, call, ResolvedVersion.NONE, List.of(), 200, 1, Payload.EMPTY, 0, "", "", false);
  }

  /// A store whose appends wait for a permit, and fail when told to.
  private static final class GatedStore implements CaptureStore {
    private final MemoryCaptureStore memory = new MemoryCaptureStore(100_000, 1 << 30);
    private final Semaphore gate = new Semaphore(0);
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile String failure = "";

    @Override
    public void append(List<Capture> batch) {
      reached.countDown();
      gate.acquireUninterruptibly();
      if (!failure.isEmpty()) {
        throw new CaptureStoreException(failure);
      }
      memory.append(batch);
    }

    @Override
    public CapturePage query(CaptureQuery query) {
      return memory.query(query);
    }

    @Override
    public Optional<Capture> find(String id) {
      return memory.find(id);
    }

    @Override
    public CaptureStats stats() {
      return memory.stats();
    }

    @Override
    public void keep(String kind, String id, String json) {
      memory.keep(kind, id, json);
    }

    @Override
    public Optional<String> kept(String kind, String id) {
      return memory.kept(kind, id);
    }

    @Override
    public List<String> kept(String kind, int limit) {
      return memory.kept(kind, limit);
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
