package dev.faultline.server.log;

import dev.faultline.request.Outcome;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// How much of payloads stands in the log, model by model.
public final class PayloadPolicy {
  public static final String EXPECTED = "off, summary, sampled, faults or all, and for single models MODEL=one of these";
  /// Models whose last sample is remembered; those beyond have none.
  private static final int MODELS_MAX = 1_000;
  private static final long SAMPLE_NANOS = 1_000_000_000L;

  /// What a request's line says of its payload.
  public enum Extent {
    /// Its size and content type.
    NOTHING,
    /// Names, types and shapes of the tensors as well, and ranges of small outputs.
    SUMMARY,
    /// The payload itself as well, after redaction.
    WHOLE
  }

  /// For which requests.
  public enum Mode {
    OFF,
    SUMMARY,
    /// One whole payload a second for each model.
    SAMPLED,
    /// Whole payloads of what faulted or is suspicious.
    FAULTS,
    ALL
  }

  private final Mode standard;
  private final Map<String, Mode> models;
  private final LongSupplier nanoClock;
  private final Map<String, AtomicLong> sampledAt = new ConcurrentHashMap<>();

  private PayloadPolicy(Mode standard, Map<String, Mode> models, LongSupplier nanoClock) {
    this.standard = standard;
    this.models = Map.copyOf(models);
    this.nanoClock = nanoClock;
  }

  /// Reads items such as `summary` and `credit-risk=faults`; what is not said is `summary`.
  ///
  /// @return empty when an item is neither
  public static Optional<PayloadPolicy> of(List<String> items, LongSupplier nanoClock) {
    Mode standard = Mode.SUMMARY;
    var models = new LinkedHashMap<String, Mode>();
    for (String item : items) {
      int equals = item.lastIndexOf('=');
      Optional<Mode> mode = mode(item.substring(equals + 1).strip());
      if (mode.isEmpty() || equals == 0) {
        return Optional.empty();
      }
      if (equals < 0) {
        standard = mode.get();
      } else {
        models.put(item.substring(0, equals).strip(), mode.get());
      }
    }
    return Optional.of(new PayloadPolicy(standard, models, nanoClock));
  }

  Extent of(Outcome outcome) {
    String model = outcome.passage().model();
    return switch (models.getOrDefault(model, standard)) {
      case OFF -> Extent.NOTHING;
      case SUMMARY -> Extent.SUMMARY;
      case SAMPLED -> isSample(model) ? Extent.WHOLE : Extent.SUMMARY;
      case FAULTS -> isClean(outcome) ? Extent.SUMMARY : Extent.WHOLE;
      case ALL -> Extent.WHOLE;
    };
  }

  private static boolean isClean(Outcome outcome) {
    return outcome instanceof Outcome.Served served && served.suspicions().isEmpty();
  }

  private boolean isSample(String model) {
    if (sampledAt.size() >= MODELS_MAX && !sampledAt.containsKey(model)) {
      return false;
    }
    long now = nanoClock.getAsLong();
    AtomicLong last = sampledAt.computeIfAbsent(model, _ -> new AtomicLong(now - SAMPLE_NANOS));
    long before = last.get();
    return now - before >= SAMPLE_NANOS && last.compareAndSet(before, now);
  }

  private static Optional<Mode> mode(String text) {
    return Arrays.stream(Mode.values()).filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text)).findFirst();
  }
}
