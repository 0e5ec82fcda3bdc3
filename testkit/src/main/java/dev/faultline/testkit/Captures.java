package dev.faultline.testkit;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureId;
import dev.faultline.capture.CapturedCall;
import dev.faultline.capture.CapturedFault;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes captures for tests: one a second from a fixed moment on, the same for the same seed.
public final class Captures {
  public static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final Random random;
  private int made;

  public Captures(long seed) {
    this.random = new Random(seed);
  }

  /// A baseline of `strike/1` with a small JSON payload.
  public Capture baseline() {
    return capture(Capture.Kind.BASELINE, "1", List.of(), json("{\"n\":" + made + "}"));
  }

  /// A fault of `strike/2` with this code, in its own group.
  public Capture fault(String code) {
    return capture(Capture.Kind.FAULT, "2", List.of(captured(code)), json("{\"n\":" + made + "}"));
  }

  /// A served request with a suspicion for each code.
  public Capture suspicion(String... codes) {
    var faults = new ArrayList<CapturedFault>();
    for (String code : codes) {
      faults.add(captured(code));
    }
    return capture(Capture.Kind.SUSPICION, "2", faults, json("{}"));
  }

  public Capture withPayload(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return capture(Capture.Kind.BASELINE, "1", List.of(), Payload.of(bytes, "application/octet-stream"));
  }

  public Capture withPayload(Payload payload) {
    return capture(Capture.Kind.BASELINE, "1", List.of(), payload);
  }

  public List<Capture> baselines(int count) {
    var all = new ArrayList<Capture>(count);
    for (int i = 0; i < count; i++) {
      all.add(baseline());
    }
    return all;
  }

  private Capture capture(Capture.Kind kind, String version, List<CapturedFault> faults, Payload payload) {
    Instant at = START.plusSeconds(made++);
    return new Capture(
        CaptureId.of(at, random),
        kind,
        kind == Capture.Kind.BASELINE ? 0.25 : 1,
        at,
        call(),
        new ResolvedVersion("strike", version, "sha256:" + version),
        faults,
        kind == Capture.Kind.FAULT ? 500 : 200,
        1_000_000L + made,
        payload,
        payload.length(),
        "{\"stages\":[" + made + "]}",
        "{\"java\":\"25\"}",
        false);
  }

  private CapturedCall call() {
    return new CapturedCall(
        "req-" + made,
        "4bf92f3577b34da6a3ce929d0e0e47" + made % 10,
        "v2-rest",
        "POST",
        "/v2/models/strike/infer?explain=1",
        Map.of("x-client-id", "north \"1\"", "user-agent", "naïve/☃"),
        "127.0.0.1");
  }

  private CapturedFault captured(String code) {
    String stage = code.substring(0, code.indexOf('.'));
    String id = "flt_" + made + "_" + code;
    return new CapturedFault(
        id, code, stage, "MODEL", "fp_" + code, "FL-" + code, "inputs/speed", "/log", "{\"id\":\"" + id + "\",\"text\":\"Żółw 🐢\"}");
  }

  private static Payload json(String text) {
    return Payload.of(text.getBytes(StandardCharsets.UTF_8), "application/json");
  }
}
