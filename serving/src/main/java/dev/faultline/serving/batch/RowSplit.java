package dev.faultline.serving.batch;

import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a run of several requests gave back, taken apart by rows. An output may hold several rows for each row that went in.
final class RowSplit {
  private RowSplit() {}

  /// The share of the request whose `rows` began at `from` of `total`; empty when something in `result` is not laid out by row.
  static Optional<RunResult> share(RunResult result, int from, int rows, int total) {
    var outputs = new ArrayList<Tensor>(result.outputs().size());
    for (Tensor output : result.outputs()) {
      if (!isByRow(output, total)) {
        return Optional.empty();
      }
      outputs.add(share(output, from, rows, total));
    }
    var watched = new ArrayList<Watched>(0);
    for (Watched each : result.watched()) {
      if (!isByRow(each.tensor(), total)) {
        return Optional.empty();
      }
      Tensor own = share(each.tensor(), from, rows, total);
      if (!FiniteScan.allFinite(own)) {
        watched.add(new Watched(own, each.producer(), each.swallowedBy()));
      }
    }
    return Optional.of(new RunResult(outputs, watched));
  }

  private static boolean isByRow(Tensor tensor, int total) {
    return tensor.shape().rank() > 0 && tensor.shape().extent(0) > 0 && tensor.shape().extent(0) % total == 0;
  }

  private static Tensor share(Tensor tensor, int from, int rows, int total) {
    long each = tensor.shape().extent(0) / total;
    return RowStack.rows(tensor, from * each, rows * each);
  }
}
