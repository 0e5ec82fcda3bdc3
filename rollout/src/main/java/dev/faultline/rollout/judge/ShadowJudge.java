package dev.faultline.rollout.judge;

import java.time.Instant;
import java.util.List;

/// Decides about a shadow from answers of both versions to the same requests.
public final class ShadowJudge {
  private final ShadowSettings settings;
  private final Instant startedAt;

  public ShadowJudge(ShadowSettings settings, Instant startedAt) {
    this.settings = settings;
    this.startedAt = startedAt;
  }

  /// A judge that goes on where another stopped.
  public static ShadowJudge restore(ShadowSettings settings, ShadowState state) {
    return new ShadowJudge(settings, Instant.ofEpochMilli(state.startedAtMillis()));
  }

  /// Whether the baseline should be asked a second time for the next mirrored request, so that its own noise is known: for the first ones always, later
  /// for a few, or for all while the baseline does not agree with itself. Not for requests that may not be sent twice.
  public boolean wantsTriple() {
    return true;
  }

  /// One mirrored request.
  public ShadowStep observe(ShadowAnswer answer) {
    return switch (answer) {
      case ShadowAnswer.Pair _, ShadowAnswer.Triple _, ShadowAnswer.Failed _ -> ShadowStep.NOTHING;
    };
  }

  /// What repeating gave, after `observe` asked for it with the same answer.
  public void confirmed(ShadowAnswer answer, Confirmation confirmation) {
    if (confirmation == Confirmation.REPRODUCED) {
      observe(answer);
    }
  }

  public ShadowStanding standing(Instant now) {
    boolean over = !now.isBefore(startedAt.plus(settings.timeMax()));
    return new ShadowStanding(0, 0, 0, 0, List.of(), new Judgement(Verdict.INCONCLUSIVE, over, List.of("no request has been mirrored"), List.of()));
  }

  public ShadowState snapshot() {
    return new ShadowState(startedAt.toEpochMilli(), List.of(), 0, List.of(), List.of());
  }
}
