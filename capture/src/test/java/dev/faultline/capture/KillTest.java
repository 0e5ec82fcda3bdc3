package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that stores captures with SIGKILL, again and again, and looks at what is left.
@Timeout(120)
class KillTest {
  private static final int ROUNDS = 5;

  /// What one child said: batches it began, and which of them the store acknowledged. A capture is its id and its payload's hash.
  private record Said(List<Map<String, String>> begun, int acknowledged) {}

  @TempDir Path directory;

  @Test
  void noAcknowledgedCaptureIsLostOrTornWhenTheProcessIsKilled() throws Exception {
    long seed = System.nanoTime();
    System.out.println("KillTest seed " + seed);
    var random = new Random(seed);
    var acknowledged = new LinkedHashMap<String, String>();
    for (int round = 0; round < ROUNDS; round++) {
      Said said = runAndKill(random.nextInt(50, 900), random.nextLong());
      said.begun.subList(0, said.acknowledged).forEach(acknowledged::putAll);
      assertWhole(acknowledged, said, "seed " + seed + " round " + round);
    }
    assertThat(acknowledged).as("seed %s", seed).hasSizeGreaterThan(ROUNDS * Child.BATCH);
  }

  private Said runAndKill(int millis, long seed) throws Exception {
    Path log = directory.resolve("child.log");
    Process child = ChildJvm.start(Child.class, log, directory.resolve("store").toString(), Long.toString(seed));
    try (BufferedReader lines = child.inputReader()) {
      assertThat(lines.readLine()).as(() -> read(log)).isEqualTo("ready");
      var killer = Thread.ofPlatform().daemon().start(() -> killLater(child, millis));
      Said said = listen(lines);
      killer.join();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).as(() -> read(log)).isEqualTo(128 + 9);
      return said;
    } finally {
      child.destroyForcibly();
    }
  }

  private static void killLater(Process child, int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // by its handle: destroying a Process closes its output too
    child.toHandle().destroyForcibly();
  }

  /// Lines `begin id:hash,id:hash.` and `kept.`; the last line may be cut anywhere and counts only with its full stop.
  private static Said listen(BufferedReader lines) throws IOException {
    var begun = new ArrayList<Map<String, String>>();
    int acknowledged = 0;
    for (String line = lines.readLine(); line != null && line.endsWith("."); line = lines.readLine()) {
      if (line.equals("kept.")) {
        acknowledged = begun.size();
      } else {
        begun.add(parse(line.substring("begin ".length(), line.length() - 1)));
      }
    }
    return new Said(begun, acknowledged);
  }

  private static Map<String, String> parse(String batch) {
    var captures = new LinkedHashMap<String, String>();
    for (String capture : batch.split(",", -1)) {
      String[] parts = capture.split(":", 2);
      captures.put(parts[0], parts[1]);
    }
    return captures;
  }

  private void assertWhole(Map<String, String> acknowledged, Said said, String when) {
    try (CaptureStore store = DuckDbCaptureStore.open(directory.resolve("store"), Child.LIMITS, InstantSource.system())) {
      Map<String, Capture> there = Samples.allOf(store);
      acknowledged.forEach((id, hash) -> assertThat(hashOf(there.get(id))).as("%s: %s", when, id).isEqualTo(hash));
      for (Map<String, String> batch : said.begun.subList(said.acknowledged, said.begun.size())) {
        long kept = batch.keySet().stream().filter(there::containsKey).count();
        assertThat(kept).as("%s: a batch that was not acknowledged", when).isIn(0L, (long) batch.size());
      }
      assertThat(store.stats().findings()).as(when).isEmpty();
    }
  }

  private static String hashOf(@Nullable Capture capture) {
    return capture == null ? "lost" : PayloadFiles.sha256(capture.payload());
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Stores batches as fast as it can, with segments so small that they are closed and exported all the time.
  static final class Child {
    static final int BATCH = 20;
    static final StoreLimits LIMITS =
        new StoreLimits(1L << 30, Duration.ofDays(1), 1L << 20, Duration.ofHours(1), 8 << 10, 256L << 20, 1L << 20, 100);

    private Child() {}

    public static void main(String[] arguments) {
      var random = new Random(Long.parseLong(arguments[1]));
      var samples = new Samples(random.nextLong(), InstantSource.system().instant());
      CaptureStore store = DuckDbCaptureStore.open(Path.of(arguments[0]), LIMITS, InstantSource.system());
      store.stats();
      say("ready");
      while (true) {
        List<Capture> batch = samples.batch(BATCH, random.nextInt(10) == 0 ? 20_000 : 2_000);
        say("begin " + String.join(",", batch.stream().map(each -> each.id() + ":" + PayloadFiles.sha256(each.payload())).toList()) + ".");
        store.append(batch);
        say("kept.");
      }
    }

    private static void say(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
