package dev.faultline.capture;

import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// A request kept whole: what arrived, which version took it, how it ended, and what it left behind on its way.
///
/// - `id` comes from [CaptureId]: ids sort by time, and a store lists by id, newest first.
/// - `at` has microseconds.
/// - `samplingRate` is the share of like requests that were kept: one capture stands for `1 / samplingRate` requests. Faults and
///   suspicions are 1.
/// - `faults` is the fault of a faulted request, or the suspicions of a served one, the most important first; empty for a baseline.
/// - `payloadBytes` counts what arrived, `payload` is what is kept of it: the same bytes, redacted ones, or nothing (a capture
///   without its payload, and every item of a [CaptureQuery.Detail#SUMMARY] page).
/// - `passageJson` and `environmentJson` are documents of the one who made the capture; the store does not look inside. Empty when
///   they are not kept.
public record Capture(
    String id,
    Kind kind,
    double samplingRate,
    Instant at,
    CapturedCall call,
    ResolvedVersion version,
    List<CapturedFault> faults,
    int httpStatus,
    long durationNanos,
    Payload payload,
    long payloadBytes,
    String passageJson,
    String environmentJson,
    boolean redacted) {

  /// Why a request was kept.
  public enum Kind {
    /// It faulted.
    FAULT,
    /// It was served, and something objected.
    SUSPICION,
    /// It was served, and is what others are compared with.
    BASELINE
  }

  public Capture {
    faults = List.copyOf(faults);
    at = at.truncatedTo(ChronoUnit.MICROS);
  }

  /// The fault shown first.
  public Optional<CapturedFault> fault() {
    return faults.stream().findFirst();
  }

  /// What a list shows: everything but the payload and the two documents.
  public Capture summary() {
    return new Capture(
        id,
        kind,
        samplingRate,
        at,
        call,
        version,
        faults,
        httpStatus,
        durationNanos,
        Payload.of(new byte[0], payload.contentType()),
        payloadBytes,
        "",
        "",
        redacted);
  }

  /// Roughly what keeping it costs in bytes, before compression.
  long weightBytes() {
    long documents = (long) passageJson.length() + environmentJson.length();
    for (CapturedFault fault : faults) {
      documents += fault.document().length();
    }
    return ROW_BYTES + documents + payload.length();
  }

  private static final int ROW_BYTES = 512;
}
