package dev.faultline.rollout;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import dev.faultline.fault.Fault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What became of the requests that were drawn to be mirrored, output by output, with a sample of them to look for what separates those that
/// differ. One lock, taken once for each mirrored request.
public final class ShadowTally {
  /// Requests kept on each side of the sample.
  static final int SAMPLES_MAX = 400;
  /// What they may hold on to together.
  static final long SAMPLE_BYTES_MAX = 64L << 20;
  /// Suspicions that a shadow leaves, and kinds of failure that are told apart.
  static final int SUSPICIONS_MAX = 50;
  static final int FAILURES_MAX = 16;
  private static final int OUTPUTS_MAX = 64;
  private static final int DIFFERING_MIN = 3;
  private static final int AGREEING_MIN = 10;

  /// The ends of a mirrored request.
  public enum End {
    SAME("same"),
    WITHIN_TOLERANCE("within_tolerance"),
    DIFFERENT("different"),
    CANDIDATE_FAILED("candidate_failed"),
    /// Not run: the baseline was busy, or too many waited.
    SHED("shed");

    private final String label;

    End(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /// One output: how many answers differed in it, and by how much at most among finite numbers.
  public record Output(String name, long different, double maxAbsError) {}

  /// A kind of failure of the candidate, as [FaultKind] names it: how often, and in the words of the first.
  public record Failure(String kind, long count, String summary) {}

  /// What of it must outlive the process: all but the sample.
  public record Memory(Map<End, Long> counts, List<Output> outputs, List<Failure> failures, int suspicions, double noiseFloor) {
    static final Memory NONE = new Memory(Map.of(), List.of(), List.of(), 0, 0);

    public Memory {
      counts = Map.copyOf(counts);
      outputs = List.copyOf(outputs);
      failures = List.copyOf(failures);
    }
  }

  private final Map<End, Long> counts = new EnumMap<>(End.class);
  private final Map<String, Output> outputs = new TreeMap<>();
  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final List<ShadowSample> differing = new ArrayList<>();
  private final List<ShadowSample> agreeing = new ArrayList<>();
  private long sampleBytes;
  private int suspicions;
  private double noiseFloor;

  ShadowTally(Memory memory) {
    counts.putAll(memory.counts());
    memory.outputs().forEach(output -> outputs.put(output.name(), output));
    memory.failures().forEach(failure -> failures.put(failure.kind(), failure));
    suspicions = memory.suspicions();
    noiseFloor = memory.noiseFloor();
  }

  synchronized Memory memory() {
    return new Memory(counts, outputs(), failures(), suspicions, noiseFloor);
  }

  synchronized void shed() {
    counts.merge(End.SHED, 1L, Long::sum);
  }

  synchronized void failed(ShadowSample sample, Fault fault) {
    counts.merge(End.CANDIDATE_FAILED, 1L, Long::sum);
    String kind = FaultKind.of(fault);
    if (failures.containsKey(kind) || failures.size() < FAILURES_MAX) {
      failures.merge(kind, new Failure(kind, 1, fault.summary()), (old, _) -> new Failure(kind, old.count() + 1, old.summary()));
    }
    keep(sample);
  }

  synchronized void compared(Comparison comparison, ShadowSample sample) {
    boolean same = comparison.isSame();
    counts.merge(same ? (comparison.absoluteMax() == 0 ? End.SAME : End.WITHIN_TOLERANCE) : End.DIFFERENT, 1L, Long::sum);
    comparison.differences().stream().collect(Collectors.groupingBy(Difference::output)).forEach(this::count);
    keep(sample);
  }

  /// The baseline's second answer, compared with its first.
  synchronized void noise(Comparison comparison) {
    noiseFloor = Math.max(noiseFloor, comparison.absoluteMax());
  }

  private void count(String name, Collection<Difference> differences) {
    Output before = outputs.getOrDefault(name, new Output(name, 0, 0));
    double error = before.maxAbsError();
    for (Difference each : differences) {
      error = each instanceof Difference.OtherNumbers numbers && Double.isFinite(numbers.absolute()) ? Math.max(error, numbers.absolute()) : error;
    }
    if (outputs.containsKey(name) || outputs.size() < OUTPUTS_MAX) {
      outputs.put(name, new Output(name, before.different() + 1, error));
    }
  }

  private void keep(ShadowSample sample) {
    List<ShadowSample> side = sample.differs() ? differing : agreeing;
    long bytes = sample.weightBytes();
    if (side.size() < SAMPLES_MAX && sampleBytes + bytes <= SAMPLE_BYTES_MAX) {
      side.add(sample);
      sampleBytes += bytes;
    }
  }

  /// Whether one more suspicion may be left; each answer that says yes is counted.
  synchronized boolean takesSuspicion() {
    return suspicions++ < SUSPICIONS_MAX;
  }

  /// What tells requests apart on which the candidate differs: that it differs at all where others agree, otherwise that it says something else. Where all answers differ, as of a
  /// model that was trained anew, the first says nothing; empty where neither does yet.
  public synchronized Optional<Predicate<ShadowSample>> telling() {
    List<Predicate<ShadowSample>> either = List.of(ShadowSample::differs, ShadowSample::material);
    return either.stream().filter(this::isTelling).findFirst();
  }

  private boolean isTelling(Predicate<ShadowSample> differs) {
    long differ = differing.stream().filter(differs).count();
    return differ >= DIFFERING_MIN && differing.size() + agreeing.size() - differ >= AGREEING_MIN;
  }

  /// Whether a difference in numbers alone is worth a suspicion: others agree.
  synchronized boolean tellsBySize() {
    return isTelling(ShadowSample::differs);
  }

  public synchronized long count(End end) {
    return counts.getOrDefault(end, 0L);
  }

  /// Mirrored requests that were run.
  public synchronized long total() {
    return count(End.SAME) + count(End.WITHIN_TOLERANCE) + count(End.DIFFERENT) + count(End.CANDIDATE_FAILED);
  }

  public synchronized double noiseFloor() {
    return noiseFloor;
  }

  /// The kinds of failure, in the order of their first.
  public synchronized List<Failure> failures() {
    return List.copyOf(failures.values());
  }

  public synchronized List<Output> outputs() {
    return List.copyOf(outputs.values());
  }

  /// The first requests of both sides.
  public synchronized List<ShadowSample> samples() {
    var all = new ArrayList<>(differing);
    all.addAll(agreeing);
    return all;
  }
}
