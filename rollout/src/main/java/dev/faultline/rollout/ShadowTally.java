package dev.faultline.rollout;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What became of the requests that were drawn to be mirrored, output by output, with a sample of them to look for what separates those that
/// differ. One lock, taken once for each mirrored request.
public final class ShadowTally {
  /// Requests kept on each side of the sample.
  static final int SAMPLES_MAX = 400;
  private static final int OUTPUTS_MAX = 64;

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

  private final Map<End, Long> counts = new EnumMap<>(End.class);
  private final Map<String, Output> outputs = new TreeMap<>();
  private final List<ShadowSample> differing = new ArrayList<>();
  private final List<ShadowSample> agreeing = new ArrayList<>();
  private double noiseFloor;

  synchronized void shed() {
    counts.merge(End.SHED, 1L, Long::sum);
  }

  synchronized void failed(ShadowSample sample) {
    counts.merge(End.CANDIDATE_FAILED, 1L, Long::sum);
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
    if (side.size() < SAMPLES_MAX) {
      side.add(sample);
    }
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
