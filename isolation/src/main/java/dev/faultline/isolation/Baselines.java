package dev.faultline.isolation;

import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Passing requests, the one most like the failing request first: those of its own version, then by Gower's distance over all elements.
///
/// Gower, "A general coefficient of similarity and some of its properties" (1971): numbers differ by their distance over the range seen,
/// texts by being another, and what only one of the two has counts as differing.
final class Baselines {
  /// Elements compared per input, so that an image costs no more than a record.
  private static final int ELEMENTS_MAX = 4_096;

  private final InferenceRequest failing;
  private final Map<String, Double> ranges = new HashMap<>();

  private Baselines(InferenceRequest failing, List<Specimen> passing) {
    this.failing = failing;
    failing.inputs().forEach(input -> ranges.put(input.name(), range(input.name(), passing)));
  }

  static List<Specimen> nearest(InferenceRequest failing, String version, List<Specimen> passing) {
    List<Specimen> decoded = passing.stream().filter(each -> each.request().isPresent()).toList();
    var baselines = new Baselines(failing, decoded);
    var distances = new HashMap<String, Double>();
    decoded.forEach(each -> distances.put(each.id(), baselines.distance(each.request().orElseThrow())));
    return decoded.stream()
        .sorted(Comparator.<Specimen>comparingInt(each -> each.version().version().equals(version) ? 0 : 1)
            .thenComparingDouble(each -> distances.getOrDefault(each.id(), 1.0))
            .thenComparing(Specimen::id))
        .toList();
  }

  private double distance(InferenceRequest other) {
    double sum = 0;
    for (InputTensor input : failing.inputs()) {
      sum += other.findInput(input.name()).map(each -> distance(input.tensor(), each.tensor())).orElse(1.0);
    }
    long missing = other.inputs().stream().filter(input -> failing.findInput(input.name()).isEmpty()).count();
    return (sum + missing) / Math.max(1, failing.inputs().size() + missing);
  }

  private double distance(Tensor a, Tensor b) {
    if (a.type() != b.type() || a.shape().rank() != b.shape().rank() || a.count() == 0 || b.count() == 0) {
      return 1;
    }
    int count = Math.min(ELEMENTS_MAX, a.count());
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += distance(a, b, i, i % b.count());
    }
    return (a.shape().equals(b.shape()) ? 0 : 0.01) + 0.99 * sum / count;
  }

  private double distance(Tensor a, Tensor b, int i, int j) {
    if (a.type() == DataType.BYTES) {
      return a.textAt(i).equals(b.textAt(j)) ? 0 : 1;
    }
    double x = a.doubleAt(i);
    double y = b.doubleAt(j);
    if (Double.compare(x, y) == 0) {
      return 0;
    }
    double range = ranges.getOrDefault(a.name(), 0.0);
    return Double.isFinite(x) && Double.isFinite(y) && range > 0 ? Math.min(1, Math.abs(x - y) / range) : 1;
  }

  private static double range(String name, List<Specimen> passing) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (Specimen each : passing) {
      Tensor tensor = each.request().flatMap(request -> request.findInput(name)).map(InputTensor::tensor).orElse(null);
      for (int i = 0; tensor != null && tensor.type() != DataType.BYTES && i < Math.min(ELEMENTS_MAX, tensor.count()); i++) {
        double value = tensor.doubleAt(i);
        min = Double.isFinite(value) ? Math.min(min, value) : min;
        max = Double.isFinite(value) ? Math.max(max, value) : max;
      }
    }
    return max > min ? max - min : 0;
  }
}
