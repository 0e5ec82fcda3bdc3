package dev.faultline.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.slf4j.LoggerFactory;

/// Prints the numbers of RATIONALE.md: opening, appending, finding, paging. Not a test; run it by its `main`.
final class StoreNumbers {
  private static final int BATCHES = 200;
  private static final int BATCH = 250;
  private static final int PAYLOAD_BYTES = 2_000;
  private static final StoreLimits LIMITS =
      new StoreLimits(4L << 30, Duration.ofDays(7), 64L << 20, Duration.ofHours(1), 64 << 10, 256L << 20, 0, 10_000);

  private StoreNumbers() {}

  public static void main(String[] arguments) throws IOException {
    LoggerFactory.getLogger(StoreNumbers.class).debug("a server has its log before it opens a store");
    Path directory = Files.createTempDirectory("store-numbers");
    var ids = new ArrayList<Capture>();
    try (DuckDbCaptureStore store = timedOpen("open, empty", directory)) {
      append(store, ids);
      find(store, ids);
    }
    try (DuckDbCaptureStore store = timedOpen("open, again in the same JVM", directory)) {
      System.out.println(store.stats());
      find(store, ids);
    }
  }

  private static DuckDbCaptureStore timedOpen(String what, Path directory) {
    long start = System.nanoTime();
    DuckDbCaptureStore store = DuckDbCaptureStore.open(directory, LIMITS, InstantSource.system());
    long returned = System.nanoTime();
    store.stats();
    print(what + ": returned after, ms", (returned - start) / 1e6);
    print(what + ": ready after, ms", (System.nanoTime() - start) / 1e6);
    return store;
  }

  private static void append(DuckDbCaptureStore store, List<Capture> kept) {
    var samples = new Samples(1);
    var nanos = new long[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      List<Capture> batch = samples.batch(BATCH, PAYLOAD_BYTES);
      long start = System.nanoTime();
      store.append(batch);
      nanos[i] = System.nanoTime() - start;
      kept.add(batch.getFirst());
    }
    print("append, rows/s", BATCHES * BATCH / (Arrays.stream(nanos).sum() / 1e9));
    printQuantiles("append of " + BATCH, nanos);
    long start = System.nanoTime();
    store.maintain();
    print("wait for exports, ms", (System.nanoTime() - start) / 1e6);
  }

  private static void find(DuckDbCaptureStore store, List<Capture> kept) {
    var random = new Random(1);
    printQuantiles("find by id", time(100, () -> store.find(kept.get(random.nextInt(kept.size())).id())));
    printQuantiles(
        "find by fault id", time(30, () -> store.findByFault(kept.get(random.nextInt(kept.size())).fault().orElseThrow().id())));
    printQuantiles("newest 100, summaries", time(30, () -> store.query(CaptureQuery.all())));
    printQuantiles("newest 100 of a group", time(30, () -> store.query(CaptureQuery.all().where(CaptureQuery.By.GROUP, "FL-1"))));
    printQuantiles("keep a document", time(100, () -> store.keep("group", "FL-" + random.nextInt(100), "{\"count\":1}")));
  }

  private static long[] time(int times, Runnable work) {
    work.run();
    var nanos = new long[times];
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      work.run();
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }

  private static void printQuantiles(String what, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    print(what + ": median, ms", sorted[sorted.length / 2] / 1e6);
    print(what + ": p95, ms", sorted[sorted.length * 95 / 100] / 1e6);
    print(what + ": worst, ms", sorted[sorted.length - 1] / 1e6);
  }

  private static void print(String what, double value) {
    System.out.printf(Locale.ROOT, "%-45s %,10.1f%n", what, value);
  }
}
