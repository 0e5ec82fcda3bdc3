package dev.faultline.capture;

import dev.faultline.request.Outcome;
import dev.faultline.request.ResolvedVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Decides which requests are kept: every fault, every suspicion, and a sample of what was served.
///
/// The sample of a model version is its first `firstCount` requests and then at most `perSecond` a second (a token bucket that
/// holds one second). Each kept capture records `1 / (1 + requests left out since the one before)`, so that the weights
/// `1 / samplingRate` of a version's baseline add up to the requests that were served.
///
/// Somebody may have asked for the next requests of a model ([Wanted]); they are kept besides the sample, and stand for themselves alone.
///
/// A request may say `faultline_capture`: `full` keeps it whatever the sample says; `none` leaves a served one out and keeps of a
/// faulted one only what is needed to count and group it.
public final class CapturePolicy {
  public static final String PARAMETER = "faultline_capture";

  /// Model versions sampled apart; those beyond share one sample.
  static final int VERSIONS_MAX = 1_000;

  private static final ResolvedVersion OTHERS = new ResolvedVersion("*", "*", "");

  /// Bounds of the baseline sample of each model version.
  public record Rate(double perSecond, int firstCount) {
    public static final Rate DEFAULT = new Rate(5, 20);
  }

  /// How much of a request is kept.
  public enum Extent {
    WHOLE,
    /// No payload, no headers, no passage.
    BARE
  }

  /// To keep it: why, as one of how many, and how much of it.
  public record Decision(Capture.Kind kind, double samplingRate, Extent extent) {}

  /// Requests that somebody asked for, whatever the sample says.
  @FunctionalInterface
  public interface Wanted {
    Wanted NONE = _ -> false;

    /// Whether the request that has just ended is one of them; asked once for each request.
    boolean takes(ResolvedVersion version);
  }

  private enum Wish {
    NONE,
    FULL,
    UNSAID
  }

  private final Rate rate;
  private final boolean keepsAnything;
  private final Wanted wanted;
  private final Map<ResolvedVersion, Sampler> samplers = new LinkedHashMap<>();

  public CapturePolicy(Rate rate) {
    this(rate, Wanted.NONE);
  }

  public CapturePolicy(Rate rate, Wanted wanted) {
    this(rate, true, wanted);
  }

  private CapturePolicy(Rate rate, boolean keepsAnything, Wanted wanted) {
    this.rate = rate;
    this.keepsAnything = keepsAnything;
    this.wanted = wanted;
  }

  /// Keeps no request at all, whatever it says: captures are switched off.
  public static CapturePolicy nothing() {
    return new CapturePolicy(new Rate(0, 0), false, Wanted.NONE);
  }

  /// @param nowNanos a reading of the monotonic clock
  /// @return empty when the request is left out
  public Optional<Decision> decide(Outcome outcome, long nowNanos) {
    if (!keepsAnything) {
      return Optional.empty();
    }
    Wish said = wish(outcome);
    // who says none is not overruled
    boolean isWanted = said != Wish.NONE && wanted.takes(outcome.passage().version());
    Wish wish = isWanted ? Wish.FULL : said;
    return switch (outcome) {
      case Outcome.Faulted _ -> Optional.of(always(Capture.Kind.FAULT, wish));
      case Outcome.Served served when !served.suspicions().isEmpty() -> Optional.of(always(Capture.Kind.SUSPICION, wish));
      case Outcome.Served served -> baseline(served.passage().version(), wish, nowNanos);
    };
  }

  private static Decision always(Capture.Kind kind, Wish wish) {
    return new Decision(kind, 1, wish == Wish.NONE ? Extent.BARE : Extent.WHOLE);
  }

  private Optional<Decision> baseline(ResolvedVersion version, Wish wish, long nowNanos) {
    return switch (wish) {
      case NONE -> Optional.empty();
      // asked for, not drawn: it stands for itself alone
      case FULL -> Optional.of(new Decision(Capture.Kind.BASELINE, 1, Extent.WHOLE));
      case UNSAID -> sampler(version, nowNanos).sample(nowNanos);
    };
  }

  private static Wish wish(Outcome outcome) {
    Object said = outcome.passage().request().map(request -> request.parameters().getOrDefault(PARAMETER, "")).orElse("");
    return "none".equals(said) ? Wish.NONE : "full".equals(said) ? Wish.FULL : Wish.UNSAID;
  }

  private synchronized Sampler sampler(ResolvedVersion version, long nowNanos) {
    Sampler known = samplers.get(version);
    if (known != null) {
      return known;
    }
    ResolvedVersion key = samplers.size() < VERSIONS_MAX ? version : OTHERS;
    return samplers.computeIfAbsent(key, _ -> new Sampler(rate, nowNanos));
  }

  private static final class Sampler {
    private final double perSecond;
    private int firstLeft;
    private double tokens;
    private long refilledAtNanos;
    private long leftOut;

    Sampler(Rate rate, long nowNanos) {
      this.perSecond = rate.perSecond();
      this.firstLeft = rate.firstCount();
      this.tokens = perSecond;
      this.refilledAtNanos = nowNanos;
    }

    synchronized Optional<Decision> sample(long nowNanos) {
      if (!draw(nowNanos)) {
        leftOut++;
        return Optional.empty();
      }
      double samplingRate = 1.0 / (1 + leftOut);
      leftOut = 0;
      return Optional.of(new Decision(Capture.Kind.BASELINE, samplingRate, Extent.WHOLE));
    }

    private boolean draw(long nowNanos) {
      if (firstLeft > 0) {
        firstLeft--;
        return true;
      }
      refill(nowNanos);
      if (tokens < 1) {
        return false;
      }
      tokens--;
      return true;
    }

    private void refill(long nowNanos) {
      double burst = perSecond <= 0 ? 0 : Math.max(1, perSecond);
      long passed = Math.max(0, nowNanos - refilledAtNanos);
      tokens = Math.min(burst, tokens + passed * perSecond / 1e9);
      refilledAtNanos += passed;
    }
  }
}
