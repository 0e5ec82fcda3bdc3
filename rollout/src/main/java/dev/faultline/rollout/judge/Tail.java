package dev.faultline.rollout.judge;

import java.util.List;

/// Whether a slow tail is excluded: that the candidate answers more requests slower than nearly all of the baseline's.
///
/// A tail that concerns one request in fifty hides behind means and medians, and 500 requests hold ten of it: too few to accuse by, enough not to promote by. Each of two bounds must show
/// that the candidate's share beyond it is above the baseline's by no more than the margin; a harmful candidate is passed only if both err. Where clients are few and each counts once
/// there is nothing to read, and nothing is asked.
final class Tail {
  /// A smaller sample that somebody asks for is taken at its word: it could not say anything of a tail.
  private static final int REQUESTS_MIN = 200;

  private record Bound(int stream, double margin) {}

  private static final List<Bound> BOUNDS = List.of(new Bound(LatencyCounts.P99, .015), new Bound(LatencyCounts.TAIL, .005));

  private final JudgeSettings settings;
  private final Streams streams;

  Tail(JudgeSettings settings, Streams streams) {
    this.settings = settings;
    this.streams = streams;
  }

  /// What is not excluded yet, one sentence each.
  List<String> open() {
    return settings.requestsMin() < REQUESTS_MIN ? List.of() : BOUNDS.stream().filter(bound -> isJudged(bound) && !isExcluded(bound)).map(this::sentence).toList();
  }

  /// The bound is known, and enough of the candidate's requests count for latency: not only one for each of a few clients.
  private boolean isJudged(Bound bound) {
    Split timed = streams.timed(bound.stream());
    return timed.baseline() + timed.candidate() > 0 && 2 * streams.timed(LatencyCounts.P99).candidate() >= streams.requests().candidate();
  }

  private boolean isExcluded(Bound bound) {
    return ExcessTest.logEvidenceOfNoExcess(slow(bound), streams.timed(bound.stream()), bound.margin()) >= -Math.log(settings.alphaPass());
  }

  private Split slow(Bound bound) {
    return streams.slow(LatencyCounts.NAMES.get(bound.stream()));
  }

  private String sentence(Bound bound) {
    return "that " + Words.percent(bound.margin()) + " of the requests more are slower than the baseline's " + LatencyCounts.NAMES.get(bound.stream()) + " allows is not excluded yet: "
        + Words.counts(slow(bound), streams.timed(bound.stream()));
  }
}
