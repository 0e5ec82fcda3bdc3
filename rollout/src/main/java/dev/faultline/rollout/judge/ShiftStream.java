package dev.faultline.rollout.judge;

import java.util.Comparator;
import java.util.List;

/// Answers of one output, which may not be distributed otherwise than the baseline's by more than `margin` of all requests.
record ShiftStream(String name, String what, double weight, List<Part> parts, Split all, double margin, double logEvidence) implements Stream {

  ShiftStream(String name, String what, double weight, List<Part> parts, Split all, double margin) {
    this(name, what, weight, List.copyOf(parts), all, margin, LogSum.of(parts.stream().mapToDouble(Part::logWeighted).toArray()));
  }

  /// One label, or the scores below one bound; `weight` is its part of the stream's evidence.
  record Part(String name, double weight, Split concerned, double logEvidence) {
    static Part of(String name, double weight, Split concerned, Split all, double margin) {
      double more = ExcessTest.logEvidence(concerned, all, margin, ExcessTest.Direction.MORE);
      double less = ExcessTest.logEvidence(concerned, all, margin, ExcessTest.Direction.LESS);
      return new Part(name, weight, concerned, LogSum.of(more, less) - Math.log(2));
    }

    double logWeighted() {
      return Math.log(weight) + logEvidence;
    }
  }

  private Part foremost() {
    return parts.stream().max(Comparator.comparingDouble(Part::logWeighted)).orElseThrow();
  }

  @Override
  public StreamStanding standing(double alpha) {
    Part part = foremost();
    Interval interval = ExcessTest.interval(part.concerned(), all, alpha);
    double estimate = ExcessTest.estimate(part.concerned(), all);
    return new StreamStanding(name, Stream.evidence(logEvidence), estimate, interval.low(), interval.high());
  }

  @Override
  public String sentence(double alpha) {
    Part part = foremost();
    return what + " " + part.name() + ": " + Words.counts(part.concerned(), all) + "; a shift of more than " + Words.percent(margin) + " of the answers";
  }
}
