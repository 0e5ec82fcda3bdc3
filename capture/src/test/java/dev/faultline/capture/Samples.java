package dev.faultline.capture;

import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Captures for this module's own tests, a second apart, the same for the same seed.
final class Samples {
  static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final Random random;
  private Instant at;

  Samples(long seed) {
    this(seed, START);
  }

  Samples(long seed, Instant start) {
    this.random = new Random(seed);
    this.at = start;
  }

  /// Everything in a store, by id.
  static Map<String, Capture> allOf(CaptureStore store) {
    var all = new HashMap<String, Capture>();
    CaptureQuery query = CaptureQuery.all().limit(CaptureQuery.LIMIT_MAX).whole();
    CapturePage page = store.query(query);
    page.items().forEach(each -> all.put(each.id(), each));
    while (page.next().isPresent()) {
      page = store.query(query.after(page.nextCursor()));
      page.items().forEach(each -> all.put(each.id(), each));
    }
    return all;
  }

  Capture ofSize(int payloadBytes) {
    var bytes = new byte[payloadBytes];
    random.nextBytes(bytes);
    return of(Payload.of(bytes, "application/octet-stream"));
  }

  Capture of(Payload payload) {
    at = at.plusSeconds(1);
    var call = new CapturedCall("r-" + at, "", "v2-rest", "POST", "/v2/models/m/infer", Map.of("user-agent", "t"), "127.0.0.1");
    var fault = new CapturedFault("flt_" + at, "infer.failed", "infer", "MODEL", "fp", "FL-1", "", "", "{\"id\":\"" + at + "\"}");
    return new Capture(
        CaptureId.of(at, random),
        Capture.Kind.FAULT,
        1,
        at,
        call,
        new ResolvedVersion("m", "1", "sha256:0"),
        List.of(fault),
        500,
        1,
        payload,
        payload.length(),
        "{\"stages\":[]}",
        "{}",
        false);
  }

  List<Capture> batch(int count, int payloadBytes) {
    var batch = new ArrayList<Capture>(count);
    for (int i = 0; i < count; i++) {
      batch.add(ofSize(payloadBytes));
    }
    return batch;
  }
}
