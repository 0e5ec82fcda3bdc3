package dev.faultline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.request.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every capture store does. Nest it and say how a store is made; a durable one nests [DurableCaptureStoreContract].
public abstract class CaptureStoreContract {
  protected final Captures captures = new Captures(7);

  private CaptureStore store;

  /// A new, empty store that holds at least 20,000 captures and 64 MiB.
  protected abstract CaptureStore empty();

  @BeforeEach
  void begin() {
    store = empty();
  }

  @AfterEach
  void end() {
    store.close();
  }

  @Test
  void whatWasAppendedIsFoundWhole() {
    Capture fault = captures.fault("infer.node_failed");
    store.append(List.of(captures.baseline(), fault, captures.baseline()));

    assertSame(store.find(fault.id()).orElseThrow(), fault);
  }

  @Test
  void anUnknownIdIsNotFound() {
    store.append(captures.baselines(3));

    assertThat(store.find("cap_nothing")).isEmpty();
    assertThat(store.findByFault("flt_nothing")).isEmpty();
  }

  @Test
  void anEmptyStoreHasNothing() {
    assertThat(store.query(CaptureQuery.all()).items()).isEmpty();
    assertThat(store.stats().count()).isZero();
    assertThat(store.stats().span()).isEmpty();
    assertThat(store.find("cap_x")).isEmpty();
  }

  @Test
  void anEmptyBatchIsNothing() {
    store.append(List.of());

    assertThat(store.stats().count()).isZero();
  }

  @Test
  void aFaultedRequestIsFoundByItsFault() {
    Capture fault = captures.fault("check.range");
    store.append(List.of(captures.baseline(), fault));

    assertSame(store.findByFault(fault.fault().orElseThrow().id()).orElseThrow(), fault);
  }

  @Test
  void everySuspicionOfACaptureFindsIt() {
    Capture suspicious = captures.suspicion("check.nonfinite", "check.sum", "check.range");
    store.append(List.of(captures.fault("decode.json"), suspicious));

    suspicious.faults().forEach(fault -> assertSame(store.findByFault(fault.id()).orElseThrow(), suspicious));
    assertThat(ids(CaptureQuery.all().where(By.CODE, "check.range"))).containsExactly(suspicious.id());
    assertThat(ids(CaptureQuery.all().where(By.GROUP, "FL-check.sum"))).containsExactly(suspicious.id());
  }

  @Test
  void capturesComeNewestFirstWhateverTheOrderOfAppending() {
    List<Capture> some = captures.baselines(30);
    var shuffled = new ArrayList<>(some);
    Collections.shuffle(shuffled, new java.util.Random(3));
    store.append(shuffled.subList(0, 10));
    store.append(shuffled.subList(10, 30));

    assertThat(ids(CaptureQuery.all())).containsExactlyElementsOf(some.reversed().stream().map(Capture::id).toList());
  }

  @Test
  void pagesMeetWithoutGapOrOverlapWhileMoreArrives() {
    List<Capture> some = captures.baselines(25);
    store.append(some);
    var seen = new ArrayList<String>();
    CaptureQuery query = CaptureQuery.all().limit(10);
    CapturePage page = store.query(query);
    while (page.next().isPresent()) {
      page.items().forEach(each -> seen.add(each.id()));
      store.append(captures.baselines(3));
      page = store.query(query.after(page.nextCursor()));
    }
    page.items().forEach(each -> seen.add(each.id()));

    assertThat(seen).containsExactlyElementsOf(some.reversed().stream().map(Capture::id).toList());
  }

  @Test
  void aPageThatEndsExactlyAtTheLastCaptureHasNoNext() {
    store.append(captures.baselines(10));

    assertThat(store.query(CaptureQuery.all().limit(10)).next()).isEmpty();
  }

  @Test
  void eachFilterSelectsByItsOwnPart() {
    Capture target = captures.fault("infer.timeout");
    store.append(List.of(captures.baseline(), captures.suspicion("check.sum"), target, captures.fault("validate.range")));

    assertThat(ids(CaptureQuery.all().where(By.KIND, "FAULT"))).hasSize(2);
    assertThat(ids(CaptureQuery.all().where(By.MODEL, "strike"))).hasSize(4);
    assertThat(ids(CaptureQuery.all().where(By.MODEL, "other"))).isEmpty();
    assertThat(ids(CaptureQuery.all().where(By.VERSION, "1"))).hasSize(1);
    assertThat(ids(CaptureQuery.all().where(By.BLAME, "MODEL"))).hasSize(3);
    assertThat(ids(CaptureQuery.all().where(By.CODE, "infer.timeout"))).containsExactly(target.id());
    assertThat(ids(CaptureQuery.all().where(By.STAGE, "infer"))).containsExactly(target.id());
    assertThat(ids(CaptureQuery.all().where(By.FINGERPRINT, "fp_infer.timeout"))).containsExactly(target.id());
    assertThat(ids(CaptureQuery.all().where(By.GROUP, "FL-infer.timeout"))).containsExactly(target.id());
    assertThat(ids(CaptureQuery.all().where(By.FIELD, "inputs/speed"))).hasSize(3);
    assertThat(ids(CaptureQuery.all().where(By.NODE, "/log"))).hasSize(3);
    assertThat(ids(CaptureQuery.all().where(By.REQUEST_ID, target.call().requestId()))).containsExactly(target.id());
    assertThat(ids(CaptureQuery.all().where(By.TRACE_ID, target.call().traceId()))).containsExactly(target.id());
  }

  @Test
  void filtersAreJoinedByAnd() {
    store.append(List.of(captures.fault("infer.timeout"), captures.baseline()));

    assertThat(ids(CaptureQuery.all().where(By.CODE, "infer.timeout").where(By.KIND, "BASELINE"))).isEmpty();
  }

  @Test
  void sinceIsInclusiveAndUntilExclusive() {
    List<Capture> some = captures.baselines(5);
    store.append(some);
    Instant from = some.get(1).at();
    Instant to = some.get(3).at();

    assertThat(ids(CaptureQuery.all().since(from).until(to))).containsExactly(some.get(2).id(), some.get(1).id());
  }

  @Test
  void aFilterIsAValueAndNeverALanguage() {
    store.append(List.of(captures.fault("infer.timeout")));

    assertThat(ids(CaptureQuery.all().where(By.CODE, "' OR '1'='1"))).isEmpty();
    assertThat(store.find("' OR '1'='1")).isEmpty();
  }

  @Test
  void aListLeavesOutPayloadAndDocumentsButSaysTheSize() {
    Capture large = captures.withPayload(5_000);
    store.append(List.of(large));

    Capture listed = store.query(CaptureQuery.all()).items().getFirst();
    assertThat(listed.payload().length()).isZero();
    assertThat(listed.payloadBytes()).isEqualTo(5_000);
    assertThat(listed.passageJson()).isEmpty();
    assertThat(listed.call()).isEqualTo(large.call());
    assertSame(store.query(CaptureQuery.all().whole()).items().getFirst(), large);
  }

  @Test
  void anEmptyPayloadStaysEmpty() {
    Capture bare = captures.withPayload(Payload.EMPTY);
    store.append(List.of(bare));

    assertSame(store.find(bare.id()).orElseThrow(), bare);
  }

  @Test
  void aPayloadThatIsPartOfAnArrayIsKeptAsThatPart() {
    byte[] array = {1, 2, 3, 4, 5, 6};
    Capture part = captures.withPayload(Payload.of(array, 2, 3, "application/octet-stream"));
    store.append(List.of(part));

    assertThat(store.find(part.id()).orElseThrow().payload().copyOfBytes()).containsExactly(3, 4, 5);
  }

  @Test
  void aPayloadOfFiveMegabytesComesBackByteForByte() {
    Capture large = captures.withPayload(5 << 20);
    store.append(List.of(captures.baseline(), large, captures.baseline()));

    assertSame(store.find(large.id()).orElseThrow(), large);
  }

  @Test
  void aPageOfLargePayloadsEndsEarlyAndGoesOn() {
    for (int i = 0; i < 4; i++) {
      store.append(List.of(captures.withPayload(30 << 20)));
    }
    CaptureQuery query = CaptureQuery.all().whole();
    CapturePage first = store.query(query);

    assertThat(first.items()).hasSizeBetween(1, 2);
    assertThat(store.query(query.after(first.nextCursor())).items()).isNotEmpty();
  }

  @Test
  void aBigBatchIsKeptWhole() {
    List<Capture> some = captures.baselines(5_000);
    store.append(some);

    assertThat(store.stats().count()).isEqualTo(5_000);
    assertSame(store.find(some.get(2_500).id()).orElseThrow(), some.get(2_500));
  }

  @Test
  void statsSayCountSizeAndSpan() {
    List<Capture> some = captures.baselines(10);
    store.append(some);

    assertThat(store.stats().count()).isEqualTo(10);
    assertThat(store.stats().bytes()).isPositive();
    assertThat(store.stats().span().orElseThrow().oldest()).isEqualTo(some.getFirst().at());
    assertThat(store.stats().span().orElseThrow().newest()).isEqualTo(some.getLast().at());
  }

  @Test
  void readersSeeOnlyWholeBatchesWhileAWriterAppends() throws Exception {
    int batch = 50;
    var writing = new AtomicBoolean(true);
    try (var threads = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> readers = List.of(threads.submit(() -> partial(writing, batch)), threads.submit(() -> partial(writing, batch)));
      for (int i = 0; i < 20; i++) {
        store.append(captures.baselines(batch));
      }
      writing.set(false);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isZero();
      }
    }
    assertThat(store.query(CaptureQuery.all().limit(1_000)).items()).hasSize(1_000);
  }

  private int partial(AtomicBoolean writing, int batch) {
    int partial = 0;
    while (writing.get()) {
      partial += store.query(CaptureQuery.all().limit(1_000)).items().size() % batch == 0 ? 0 : 1;
    }
    return partial;
  }

  @Test
  void aKeptDocumentReplacesTheOneBeforeAndComesFirst() {
    store.keep("group", "FL-1", "{\"count\":1}");
    store.keep("group", "FL-2", "{\"count\":5,\"text\":\"Żółw 🐢\"}");
    store.keep("group", "FL-1", "{\"count\":2}");
    store.keep("verdict", "FL-1", "{}");

    assertThat(store.kept("group", "FL-1")).contains("{\"count\":2}");
    assertThat(store.kept("group", 10)).containsExactly("{\"count\":2}", "{\"count\":5,\"text\":\"Żółw 🐢\"}");
    assertThat(store.kept("group", 1)).containsExactly("{\"count\":2}");
    assertThat(store.kept("group", "FL-3")).isEmpty();
    assertThat(store.kept("nothing", 10)).isEmpty();
  }

  private List<String> ids(CaptureQuery query) {
    return store.query(query).items().stream().map(Capture::id).toList();
  }

  /// Compares everything, the payload byte for byte.
  protected static void assertSame(Capture actual, Capture expected) {
    assertThat(actual.payload().copyOfBytes()).isEqualTo(expected.payload().copyOfBytes());
    assertThat(actual.payload().contentType()).isEqualTo(expected.payload().contentType());
    assertThat(actual).usingRecursiveComparison().ignoringFields("payload").isEqualTo(expected);
  }
}
