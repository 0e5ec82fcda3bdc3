package dev.faultline.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.request.Payload;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsTest {
  private static final StoreLimits LIMITS =
      new StoreLimits(1L << 30, Duration.ofDays(7), 1L << 20, Duration.ofHours(1), 8 << 10, 256L << 20, 0, 300);

  @TempDir Path directory;

  private final AtomicReference<Instant> now = new AtomicReference<>(Samples.START);
  private final InstantSource clock = now::get;
  private final Samples samples = new Samples(5);

  @Test
  void aFullSegmentBecomesParquetAndIsStillRead() throws IOException {
    try (DuckDbCaptureStore store = open(LIMITS)) {
      List<Capture> all = fillSegments(store, 3);

      assertThat(files(".parquet")).hasSize(3);
      assertThat(files(".duckdb")).hasSize(1);
      assertFound(store, all);
      assertThat(store.query(CaptureQuery.all().limit(1_000)).items().stream().map(Capture::id))
          .containsExactlyElementsOf(all.reversed().stream().limit(1_000).map(Capture::id).toList());
    }
    try (DuckDbCaptureStore again = open(LIMITS)) {
      assertThat(again.stats().findings()).isEmpty();
      assertThat(again.stats().segments()).isEqualTo(4);
    }
  }

  @Test
  void anOldSegmentIsClosedThoughItIsSmall() throws IOException {
    try (DuckDbCaptureStore store = open(LIMITS)) {
      store.append(samples.batch(3, 10));
      now.set(Samples.START.plus(Duration.ofHours(2)));
      store.maintain();

      assertThat(files(".parquet")).hasSize(1);
      assertThat(store.stats().count()).isEqualTo(3);
    }
  }

  @Test
  void theOldestSegmentsGoWhenTheStoreIsTooLarge() {
    try (DuckDbCaptureStore store = open(new StoreLimits(4L << 20, Duration.ofDays(7), 1L << 20, Duration.ofHours(1), 8 << 10, 256L << 20, 0, 300))) {
      List<Capture> all = fillSegments(store, 8);

      assertThat(store.stats().bytes()).isLessThan(6L << 20);
      assertThat(store.find(all.getFirst().id())).isEmpty();
      assertThat(store.find(all.getLast().id())).isPresent();
      assertThat(store.stats().span().orElseThrow().oldest()).isAfter(all.getFirst().at());
    }
  }

  @Test
  void segmentsGoWhenTheyAreTooOld() throws IOException {
    try (DuckDbCaptureStore store = open(LIMITS)) {
      fillSegments(store, 2);
      now.set(Samples.START.plus(Duration.ofDays(30)));
      store.maintain();
      store.maintain();

      assertThat(store.stats().count()).isZero();
      assertThat(files(".parquet")).isEmpty();
    }
  }

  @Test
  void aLargePayloadIsKeptOnceAndGoesWithItsLastSegment() throws IOException {
    byte[] bytes = new byte[50_000];
    new Random(1).nextBytes(bytes);
    Payload same = Payload.of(bytes, "application/octet-stream");
    try (DuckDbCaptureStore store = open(LIMITS)) {
      store.append(List.of(samples.of(same), samples.of(same)));
      fillSegments(store, 1);
      Capture later = samples.of(same);
      store.append(List.of(later));
      assertThat(payloadFiles()).hasSize(1);

      now.set(later.at().plus(LIMITS.ageMax()).minusSeconds(2));
      store.maintain();
      assertThat(store.find(later.id()).orElseThrow().payload().copyOfBytes()).isEqualTo(bytes);
      assertThat(payloadFiles()).hasSize(1);

      now.set(later.at().plus(LIMITS.ageMax()).plus(Duration.ofHours(2)));
      store.maintain();
      assertThat(store.stats().count()).isZero();
      assertThat(payloadFiles()).isEmpty();
    }
  }

  @Test
  void whatADeadProcessLeftUnfinishedIsRemoved() throws IOException {
    List<Capture> all;
    try (DuckDbCaptureStore store = open(LIMITS)) {
      all = fillSegments(store, 2);
    }
    // as if it had died between the rename of an export and the removal of its database, and within another export
    Files.copy(store("segments/000003.duckdb"), store("segments/000002.duckdb"));
    Files.writeString(store("segments/000003.parquet.tmp"), "half");
    Files.createDirectories(store("payloads/ab"));
    Files.writeString(store("payloads/ab/ab12"), "no row names this");
    try (DuckDbCaptureStore again = open(LIMITS)) {
      assertFound(again, all);
      assertThat(again.stats().count()).isEqualTo(all.size());
      assertThat(again.stats().findings()).isEmpty();
      assertThat(files(".tmp")).isEmpty();
      assertThat(payloadFiles()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aTornParquetSegmentIsSaidAndSkipped(long seed) throws IOException {
    List<Capture> all;
    try (DuckDbCaptureStore store = open(LIMITS)) {
      all = fillSegments(store, 3);
    }
    truncate(store("segments/000002.parquet"), seed);
    try (DuckDbCaptureStore again = open(LIMITS)) {
      assertThat(again.find(all.getFirst().id())).isPresent();
      assertThat(again.find(all.getLast().id())).isPresent();
      assertThat(again.stats().count()).isLessThan(all.size());
      assertThat(again.stats().findings()).as("seed %s", seed).anyMatch(each -> each.contains("000002.parquet is damaged"));
      assertThat(files(".torn")).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSegmentThatIsDamagedInsideIsSaidAndSkippedWhenItIsRead(long seed) throws IOException {
    List<Capture> all;
    try (DuckDbCaptureStore store = open(LIMITS)) {
      all = fillSegments(store, 2);
    }
    overwrite(store("segments/000001.parquet"), seed);
    try (DuckDbCaptureStore again = open(LIMITS)) {
      for (Capture expected : all.subList(0, 200)) {
        again.find(expected.id()).ifPresent(actual -> assertThat(actual.call()).isEqualTo(expected.call()));
      }
      assertThat(again.find(all.getLast().id())).as("seed %s", seed).isPresent();
      again.append(samples.batch(2, 10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".duckdb", ".duckdb.wal"})
  void aTornDatabaseOfAKilledProcessIsNeverFatal(String suffix) throws IOException {
    Path copy = directory.resolve("copy");
    for (long seed = 0; seed < 4; seed++) {
      List<Capture> all = samples.batch(60, 2_000);
      Path place = directory.resolve("store" + seed);
      try (DuckDbCaptureStore store = DuckDbCaptureStore.open(place, LIMITS, clock)) {
        store.append(all.subList(0, 30));
        store.append(all.subList(30, 60));
        copyTree(place, copy.resolve("" + seed));
      }
      truncate(copy.resolve(seed + "/segments/000001" + suffix), seed);
      try (CaptureStore torn = DuckDbCaptureStore.open(copy.resolve("" + seed), LIMITS, clock)) {
        for (Capture expected : all) {
          torn.find(expected.id()).ifPresent(actual -> assertThat(actual.payload().copyOfBytes()).isEqualTo(expected.payload().copyOfBytes()));
        }
        Capture next = samples.ofSize(10);
        torn.append(List.of(next));
        assertThat(torn.find(next.id())).as("seed %s", seed).isPresent();
      }
    }
  }

  @Test
  void anotherProcessIsToldWhoHasTheStore() throws Exception {
    try (DuckDbCaptureStore store = open(LIMITS)) {
      store.stats();
      Process child = ChildJvm.start(Opener.class, directory.resolve("log"), directory.resolve("store").toString());
      String said = String.join("\n", child.inputReader().readAllLines());

      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said).contains("is in use by pid " + ProcessHandle.current().pid());
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    DuckDbCaptureStore store = open(LIMITS);
    store.close();
    store.close();

    assertThatThrownBy(store::stats).isInstanceOf(CaptureStoreException.class).hasMessageContaining("is closed");
  }

  @Test
  void documentsBeyondTheBoundPushOutTheOldest() {
    try (DuckDbCaptureStore store = open(LIMITS)) {
      for (int i = 0; i < 512; i++) {
        store.keep("group", "FL-" + i, "{}");
      }

      assertThat(store.kept("group", 1_000)).hasSize(300);
      assertThat(store.kept("group", "FL-511")).isPresent();
      assertThat(store.kept("group", "FL-0")).isEmpty();
    }
  }

  @Test
  void noByteOfAHiddenValueReachesTheDirectory() throws IOException {
    String secret = "S3CRET-" + "7391";
    Redaction redaction = Redaction.of(List.of("ssn"), List.of("x-token"));
    var rest = new byte[20_000];
    java.util.Arrays.fill(rest, (byte) ' ');
    String small = "{\"instances\":[{\"ssn\":\"" + secret + "\",\"age\":4}]}";
    String large = small + new String(rest, StandardCharsets.UTF_8);
    String malformed = "{\"instances\":[{\"ssn\":\"" + secret;
    try (DuckDbCaptureStore store = open(LIMITS)) {
      for (String each : List.of(small, large, malformed)) {
        Payload payload = Payload.of(each.getBytes(StandardCharsets.UTF_8), "application/json");
        store.append(List.of(samples.of(redaction.payload(payload, Redaction.Form.json(List.of())).payload())));
      }
      assertNowhere(secret);
      fillSegments(store, 1);
      assertNowhere(secret);
      assertThat(store.query(CaptureQuery.all().limit(1_000).whole()).items()).noneMatch(each -> text(each).contains(secret));
    }
    assertNowhere(secret);
  }

  private void assertNowhere(String secret) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).as(file.toString()).doesNotContain(secret);
      }
    }
  }

  private static String text(Capture capture) {
    return new String(capture.payload().copyOfBytes(), StandardCharsets.UTF_8) + capture;
  }

  /// Appends until this many more segments are full, and has them exported.
  private List<Capture> fillSegments(DuckDbCaptureStore store, int segments) {
    var all = new ArrayList<Capture>();
    int before = segmentNumber(store);
    while (segmentNumber(store) < before + segments) {
      List<Capture> batch = samples.batch(100, 2_000);
      store.append(batch);
      all.addAll(batch);
      store.maintain();
    }
    return all;
  }

  private int segmentNumber(DuckDbCaptureStore store) {
    store.stats();
    try {
      return new Layout(directory.resolve("store")).numbers(".duckdb").getLast();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void assertFound(CaptureStore store, List<Capture> all) {
    for (int i = 0; i < all.size(); i += 37) {
      Capture expected = all.get(i);
      Capture actual = store.find(expected.id()).orElseThrow();
      assertThat(actual.payload().copyOfBytes()).isEqualTo(expected.payload().copyOfBytes());
    }
  }

  private DuckDbCaptureStore open(StoreLimits limits) {
    return DuckDbCaptureStore.open(directory.resolve("store"), limits, clock);
  }

  private Path store(String file) {
    return directory.resolve("store").resolve(file);
  }

  private List<Path> files(String suffix) throws IOException {
    return new Layout(directory.resolve("store")).endingIn(suffix).stream().filter(each -> !each.toString().endsWith("kept.duckdb")).toList();
  }

  private List<Path> payloadFiles() throws IOException {
    try (Stream<Path> files = Files.walk(store("payloads"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void truncate(Path file, long seed) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(new Random(seed).nextLong(Files.size(file)));
    }
  }

  private static void overwrite(Path file, long seed) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    var random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      bytes[random.nextInt(bytes.length * 9 / 10)] ^= (byte) (1 + random.nextInt(255));
    }
    Files.write(file, bytes);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /// Tries to open a store that another process has.
  static final class Opener {
    private Opener() {}

    public static void main(String[] arguments) {
      try (CaptureStore store = DuckDbCaptureStore.open(Path.of(arguments[0]), LIMITS, InstantSource.system())) {
        System.out.println("opened " + store.stats());
      } catch (CaptureStoreException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
