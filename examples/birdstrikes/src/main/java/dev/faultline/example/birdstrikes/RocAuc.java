package dev.faultline.example.birdstrikes;

import java.util.List;
import java.util.stream.IntStream;

/// The area under the ROC curve: how often a damaged row scores above an undamaged one (Mann and Whitney's U, 1947).
final class RocAuc {

  private RocAuc() {}

  /// @param scores one for each row, none of them NaN
  static double of(List<BirdstrikeRow> rows, double[] scores) {
    int[] order = IntStream.range(0, scores.length).boxed().sorted((a, b) -> Double.compare(scores[a], scores[b])).mapToInt(i -> i).toArray();
    double ranks = 0;
    for (int from = 0, to; from < order.length; from = to) {
      to = from;
      while (to < order.length && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      double shared = (from + to + 1) / 2.0;
      ranks += shared * IntStream.range(from, to).filter(i -> rows.get(order[i]).damaged()).count();
    }
    double damaged = rows.stream().filter(BirdstrikeRow::damaged).count();
    return (ranks - damaged * (damaged + 1) / 2) / (damaged * (rows.size() - damaged));
  }
}
