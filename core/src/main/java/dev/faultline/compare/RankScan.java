package dev.faultline.compare;

import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Whether the highest scores of a row stand in another order. Scores that the tolerance does not tell apart have no order.
final class RankScan {
  private static final int TOP = 5;
  private static final int ROWS_MAX = 1_000;

  private final Tensor expected;
  private final Tensor actual;
  private final NumberScan scan;
  private final int width;

  RankScan(Tensor expected, Tensor actual, NumberScan scan) {
    this.expected = expected;
    this.actual = actual;
    this.scan = scan;
    this.width = Math.toIntExact(expected.shape().lastExtent());
  }

  /// Looks at the first rows that differ at all.
  Optional<Difference> ranks() {
    if (width < 2) {
      return Optional.empty();
    }
    List<Integer> moved = scan.rows().stream().limit(ROWS_MAX).filter(this::isMoved).boxed().toList();
    return moved.stream().findFirst().map(row -> difference(row, moved.size()));
  }

  private Difference difference(int row, int count) {
    return new Difference.OtherRanks(expected.name(), row, top(expected, row), top(actual, row), kendall(row), count);
  }

  private boolean isMoved(int row) {
    List<Integer> both = candidates(row);
    return both.stream().anyMatch(a -> both.stream().anyMatch(b -> order(expected, row, a, b) > 0 && order(actual, row, a, b) < 0));
  }

  /// Kendall's tau-a over the highest scores of either side.
  private double kendall(int row) {
    List<Integer> both = candidates(row);
    int agreement = 0;
    for (int i = 0; i < both.size(); i++) {
      for (int j = i + 1; j < both.size(); j++) {
        agreement += order(expected, row, both.get(i), both.get(j)) * order(actual, row, both.get(i), both.get(j));
      }
    }
    return agreement / (both.size() * (both.size() - 1) / 2.0);
  }

  private int order(Tensor tensor, int row, int a, int b) {
    double first = score(tensor, row, a);
    double second = score(tensor, row, b);
    return scan.accepts(first, second) ? 0 : Double.compare(first, second);
  }

  private List<Integer> candidates(int row) {
    var both = new LinkedHashSet<>(top(expected, row));
    both.addAll(top(actual, row));
    return new ArrayList<>(both);
  }

  private List<Integer> top(Tensor tensor, int row) {
    return IntStream.range(0, width)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer position) -> -score(tensor, row, position)))
        .limit(TOP)
        .toList();
  }

  /// NaN never wins.
  private double score(Tensor tensor, int row, int position) {
    double score = tensor.doubleAt(row * width + position);
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }
}
