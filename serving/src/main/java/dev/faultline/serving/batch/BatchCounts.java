package dev.faultline.serving.batch;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What became of a version's batches since it was loaded.
public final class BatchCounts {

  /// What a failed batch turned out to be.
  public enum Finding {
    /// Some rows were guilty and were found.
    POISON,
    /// Its parts passed, and so did the whole when it ran again.
    FLAKY,
    /// Its parts passed, and the whole failed again: its size is to blame.
    INTERACTION,
    /// Its parts passed; the whole asked for more memory than there is.
    MEMORY,
    /// The extra runs were used up before every guilty row was found.
    BUDGET
  }

  private final LongAdder batches = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder innocentsSaved = new LongAdder();
  private final LongAdder extraCalls = new LongAdder();
  private final LongAdder trialCalls = new LongAdder();
  private final Map<Finding, LongAdder> findings = new EnumMap<>(Finding.class);

  BatchCounts() {
    for (Finding finding : Finding.values()) {
      findings.put(finding, new LongAdder());
    }
  }

  public long batches() {
    return batches.sum();
  }

  public long requests() {
    return requests.sum();
  }

  public long rows() {
    return rows.sum();
  }

  /// Requests that were answered although the batch they ran in failed.
  public long innocentsSaved() {
    return innocentsSaved.sum();
  }

  /// Runs that were spent on failed batches.
  public long extraCalls() {
    return extraCalls.sum();
  }

  /// Runs of single requests that a batch's answers were compared with.
  public long trialCalls() {
    return trialCalls.sum();
  }

  public long failures(Finding finding) {
    return adder(finding).sum();
  }

  void batch(int requestCount, int rowCount) {
    batches.increment();
    requests.add(requestCount);
    rows.add(rowCount);
  }

  void saved(int innocents) {
    innocentsSaved.add(innocents);
  }

  void extraCall() {
    extraCalls.increment();
  }

  void trialCall() {
    trialCalls.increment();
  }

  void found(Finding finding) {
    adder(finding).increment();
  }

  @SuppressWarnings("NullAway") // every finding was put in
  private LongAdder adder(Finding finding) {
    return findings.get(finding);
  }
}
