package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the store does when the disk takes no more.
///
/// A child JVM puts itself under a soft limit on the size of files (`prlimit`, of util-linux), which makes every write beyond it fail
/// as on a full disk, needs no rights, and can be lifted while the child runs.
@Timeout(120)
class FullDiskTest {
  @TempDir Path directory;

  @Test
  void aWriteThatFailsIsSaidCostsItsBatchAndNothingElse() throws Exception {
    Path log = directory.resolve("child.log");
    Process child = ChildJvm.start(Child.class, log, directory.resolve("store").toString());
    List<String> lines = child.inputReader().readAllLines();

    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(lines).as(() -> KillTest.read(log)).contains("refused: true", "all kept are found: true", "refused left nothing: true", "after mending: true");
    assertThat(lines.getFirst()).contains("could not keep 50 captures", "File too large");
  }

  @Test
  void anAppendIsRefusedWhileTheDiskHasLessThanItsReserve() {
    var limits =
        new StoreLimits(1L << 30, Duration.ofDays(1), 1L << 20, Duration.ofHours(1), 8 << 10, 256L << 20, Long.MAX_VALUE / 2, 100);
    try (CaptureStore store = DuckDbCaptureStore.open(directory.resolve("reserve"), limits, InstantSource.system())) {
      assertThatThrownBy(() -> store.append(new Samples(1).batch(1, 10)))
          .isInstanceOf(CaptureStoreException.class)
          .hasMessageContaining("bytes free (expected: at least")
          .hasMessageContaining("mend: free space");
      assertThat(store.query(CaptureQuery.all()).items()).isEmpty();
    }
  }

  /// Appends until the disk refuses, looks, has the limit lifted, and appends again.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      var limits = new StoreLimits(1L << 30, Duration.ofDays(1), 1L << 29, Duration.ofHours(1), 64 << 10, 256L << 20, 0, 100);
      var samples = new Samples(1);
      var kept = new ArrayList<Capture>();
      try (CaptureStore store = DuckDbCaptureStore.open(Path.of(arguments[0]), limits, InstantSource.system())) {
        store.stats();
        limitFiles("3000000:unlimited");
        List<Capture> refused = fill(store, samples, kept);
        System.out.println("refused: " + !refused.isEmpty());
        System.out.println("all kept are found: " + ids(store).containsAll(ids(kept)));
        System.out.println("refused left nothing: " + Collections.disjoint(ids(store), ids(refused)));
        limitFiles("unlimited");
        store.append(refused);
        kept.addAll(refused);
      }
      try (CaptureStore again = DuckDbCaptureStore.open(Path.of(arguments[0]), limits, InstantSource.system())) {
        System.out.println("after mending: " + ids(again).containsAll(ids(kept)));
      }
    }

    private static Set<String> ids(CaptureStore store) {
      return Samples.allOf(store).keySet();
    }

    private static List<String> ids(List<Capture> captures) {
      return captures.stream().map(Capture::id).toList();
    }

    private static void limitFiles(String softAndHard) throws IOException, InterruptedException {
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + softAndHard).inheritIO().start().waitFor();
    }

    private static List<Capture> fill(CaptureStore store, Samples samples, List<Capture> kept) {
      for (int i = 0; i < 1_000; i++) {
        List<Capture> batch = samples.batch(50, 1_000);
        try {
          store.append(batch);
          kept.addAll(batch);
        } catch (CaptureStoreException e) {
          System.out.println(e.toString().lines().findFirst().orElse(""));
          return batch;
        }
      }
      return List.of();
    }
  }
}
