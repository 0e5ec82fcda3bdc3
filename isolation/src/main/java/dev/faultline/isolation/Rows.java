package dev.faultline.isolation;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.Shape;
import java.util.List;
import java.util.Optional;

/// The rows of a request whose inputs all have the same number of them.
final class Rows {
  private Rows() {}

  /// The request with one of its rows only; empty when it has a single row, or its inputs do not agree on rows.
  static Optional<InferenceRequest> alone(InferenceRequest request, long row) {
    List<Long> counts = request.inputs().stream().map(input -> rows(input.tensor().shape())).distinct().toList();
    if (counts.size() != 1 || counts.getFirst() < 2 || row < 0 || row >= counts.getFirst()) {
      return Optional.empty();
    }
    List<InputTensor> inputs = request.inputs().stream().map(input -> alone(input, (int) row)).toList();
    return Optional.of(new InferenceRequest(request.id(), request.model(), request.parameters(), inputs, request.outputs(), request.deadline()));
  }

  private static long rows(Shape shape) {
    return shape.rank() == 0 ? -1 : shape.extent(0);
  }

  private static InputTensor alone(InputTensor input, int row) {
    long[] extents = input.tensor().shape().toArray();
    int width = input.tensor().count() / (int) extents[0];
    extents[0] = 1;
    int[] sources = new int[width];
    for (int i = 0; i < width; i++) {
      sources[i] = row * width + i;
    }
    List<Misfit> misfits = input.misfits().stream()
        .filter(misfit -> misfit.flat() / width == row)
        .map(misfit -> new Misfit(misfit.flat() % width, misfit.kind(), misfit.got()))
        .toList();
    return new InputTensor(Substitution.gathered(input.tensor(), Shape.of(extents), sources), input.layout(), input.position(), misfits, misfits.size(), input.sizeBreach());
  }
}
