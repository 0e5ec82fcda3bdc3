package dev.faultline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a capture store on disk does beyond [CaptureStoreContract]: it comes back, alone in its directory, and survives torn files.
public abstract class DurableCaptureStoreContract extends CaptureStoreContract {
  @TempDir Path directory;

  /// The store in a directory, made when there is none.
  protected abstract CaptureStore open(Path directory);

  @Override
  protected final CaptureStore empty() {
    return open(directory.resolve("store"));
  }

  @Test
  void whatWasKeptIsThereAfterReopening() {
    Capture fault = captures.fault("infer.failed");
    Capture large = captures.withPayload(1 << 20);
    Path place = directory.resolve("again");
    try (CaptureStore first = open(place)) {
      first.append(captures.baselines(100));
      first.append(List.of(fault, large));
      first.keep("group", "FL-1", "{\"count\":1}");
    }
    try (CaptureStore second = open(place)) {
      assertSame(second.find(fault.id()).orElseThrow(), fault);
      assertSame(second.find(large.id()).orElseThrow(), large);
      assertThat(second.stats().count()).isEqualTo(102);
      assertThat(second.kept("group", 10)).containsExactly("{\"count\":1}");
      second.append(captures.baselines(5));
      assertThat(second.query(CaptureQuery.all().limit(1_000)).items()).hasSize(107);
    }
  }

  @Test
  void aSecondOpeningIsToldWhoHasTheStore() {
    Path place = directory.resolve("store");
    assertThatThrownBy(() -> open(place).close())
        .isInstanceOf(CaptureStoreException.class)
        .hasMessageContaining("is in use by pid " + ProcessHandle.current().pid());
  }

  @Test
  void aDirectoryThatCannotBeUsedIsSaid() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    assertThatThrownBy(() -> open(file).close()).isInstanceOf(CaptureStoreException.class).hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aTornFileCostsAtMostWhatWasInItAndNeverTheStore(long seed) throws IOException {
    Path place = directory.resolve("torn");
    Map<String, Capture> kept = fill(place);
    var random = new Random(seed);
    Path torn = tearOne(place, random);

    try (CaptureStore store = open(place)) {
      int found = 0;
      for (Capture expected : kept.values()) {
        Optional<Capture> actual = store.find(expected.id());
        actual.ifPresent(capture -> assertWholeOrWithoutPayload(capture, expected));
        found += actual.isPresent() ? 1 : 0;
      }
      Capture next = captures.fault("infer.failed");
      store.append(List.of(next));
      assertSame(store.find(next.id()).orElseThrow(), next);
      assertThat(store.query(CaptureQuery.all().limit(1_000)).items()).as("seed %s tore %s", seed, torn).hasSizeGreaterThanOrEqualTo(found);
    }
  }

  private Map<String, Capture> fill(Path place) {
    var kept = new LinkedHashMap<String, Capture>();
    try (CaptureStore store = open(place)) {
      for (int i = 0; i < 5; i++) {
        List<Capture> batch = Stream.concat(captures.baselines(40).stream(), Stream.of(captures.withPayload(100_000))).toList();
        store.append(batch);
        batch.forEach(each -> kept.put(each.id(), each));
      }
      store.keep("group", "FL-1", "{}");
    }
    return kept;
  }

  private static Path tearOne(Path place, Random random) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      List<Path> some = files.filter(Files::isRegularFile).filter(file -> file.toFile().length() > 100).sorted().toList();
      Path torn = some.get(random.nextInt(some.size()));
      try (FileChannel channel = FileChannel.open(torn, StandardOpenOption.WRITE)) {
        channel.truncate(random.nextLong(Files.size(torn)));
      }
      return torn;
    }
  }

  private static void assertWholeOrWithoutPayload(Capture actual, Capture expected) {
    if (actual.payload().length() == 0) {
      assertThat(actual.summary()).usingRecursiveComparison().ignoringFields("payload").isEqualTo(expected.summary());
    } else {
      assertSame(actual, expected);
    }
  }
}
