package dev.faultline.capture;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A question to a capture store: which captures, from where on, how many, and how much of each.
///
/// `where` are equalities, all of which must hold; those about a fault hold when any fault of the capture meets them. `since` is
/// inclusive, `until` exclusive. `cursor` is the `next` of the page before, empty for the first.
public record CaptureQuery(Map<By, String> where, Instant since, Instant until, String cursor, int limit, Detail detail) {
  public static final int LIMIT_MAX = 1_000;
  public static final int LIMIT_DEFAULT = 100;

  /// What captures are told apart by. The label is the parameter of the admin API.
  public enum By {
    KIND(Of.CAPTURE, capture -> List.of(capture.kind().name())),
    MODEL(Of.CAPTURE, capture -> List.of(capture.version().model())),
    VERSION(Of.CAPTURE, capture -> List.of(capture.version().version())),
    REQUEST_ID(Of.CAPTURE, capture -> List.of(capture.call().requestId())),
    TRACE_ID(Of.CAPTURE, capture -> List.of(capture.call().traceId())),
    FAULT_ID(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::id)),
    CODE(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::code)),
    STAGE(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::stage)),
    BLAME(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::blame)),
    FINGERPRINT(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::fingerprint)),
    GROUP(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::group)),
    FIELD(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::field)),
    NODE(Of.FAULTS, capture -> ofFaults(capture, CapturedFault::node));

    private final Of of;

    @SuppressWarnings("ImmutableEnumChecker") // stateless lambdas only
    private final Function<Capture, List<String>> values;

    private enum Of {
      CAPTURE,
      FAULTS
    }

    By(Of of, Function<Capture, List<String>> values) {
      this.of = of;
      this.values = values;
    }

    boolean isOfFaults() {
      return of == Of.FAULTS;
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<By> find(String label) {
      for (By each : values()) {
        if (each.label().equals(label)) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    }

    private boolean holds(Capture capture, String value) {
      return values.apply(capture).contains(value);
    }

    private static List<String> ofFaults(Capture capture, Function<CapturedFault, String> part) {
      return capture.faults().stream().map(part).toList();
    }
  }

  /// How much of each capture is read.
  public enum Detail {
    /// Everything but payload and documents; see [Capture#summary].
    SUMMARY,
    /// All of it. A page ends early when its payloads grow large.
    WHOLE
  }

  public CaptureQuery {
    where = Collections.unmodifiableMap(new LinkedHashMap<>(where));
    limit = Math.clamp(limit, 1, LIMIT_MAX);
  }

  /// The newest captures of any kind, as summaries.
  public static CaptureQuery all() {
    return new CaptureQuery(Map.of(), Instant.MIN, Instant.MAX, "", LIMIT_DEFAULT, Detail.SUMMARY);
  }

  public CaptureQuery where(By what, String value) {
    var more = new LinkedHashMap<>(where);
    more.put(what, value);
    return new CaptureQuery(more, since, until, cursor, limit, detail);
  }

  public CaptureQuery since(Instant inclusive) {
    return new CaptureQuery(where, inclusive, until, cursor, limit, detail);
  }

  public CaptureQuery until(Instant exclusive) {
    return new CaptureQuery(where, since, exclusive, cursor, limit, detail);
  }

  public CaptureQuery after(String pageCursor) {
    return new CaptureQuery(where, since, until, pageCursor, limit, detail);
  }

  /// @param count clamped to 1..[#LIMIT_MAX]
  public CaptureQuery limit(int count) {
    return new CaptureQuery(where, since, until, cursor, count, detail);
  }

  public CaptureQuery whole() {
    return new CaptureQuery(where, since, until, cursor, limit, Detail.WHOLE);
  }

  /// Whether a capture answers the question, the cursor aside.
  boolean matches(Capture capture) {
    return !capture.at().isBefore(since)
        && capture.at().isBefore(until)
        && where.entrySet().stream().allMatch(each -> each.getKey().holds(capture, each.getValue()));
  }
}
