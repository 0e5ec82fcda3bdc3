package dev.faultline.isolation;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
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

  /// How many rows a request has; empty when its inputs do not agree.
  static Optional<Integer> count(InferenceRequest request) {
    List<Long> counts = request.inputs().stream().map(input -> rows(input.tensor().shape())).distinct().toList();
    return counts.size() == 1 && counts.getFirst() > 0 ? Optional.of(counts.getFirst().intValue()) : Optional.empty();
  }

  /// A request of `count` rows: those of the first, and then those of the second, again and again; empty when the two do not fit together.
  static Optional<InferenceRequest> joined(InferenceRequest first, InferenceRequest second, int count) {
    var inputs = new ArrayList<InputTensor>();
    for (InputTensor input : first.inputs()) {
      Optional<InputTensor> other = second.findInput(input.name()).filter(each -> fits(input, each));
      if (other.isEmpty()) {
        return Optional.empty();
      }
      inputs.add(joined(input, other.get().tensor(), count));
    }
    return Optional.of(new InferenceRequest(first.id(), first.model(), first.parameters(), inputs, first.outputs(), first.deadline()));
  }

  private static boolean fits(InputTensor input, InputTensor other) {
    long[] a = input.tensor().shape().toArray();
    long[] b = other.tensor().shape().toArray();
    if (a.length == 0 || a.length != b.length || a[0] == 0 || b[0] == 0 || !other.misfits().isEmpty()) {
      return false;
    }
    a[0] = b[0];
    return input.tensor().type() == other.tensor().type() && Arrays.equals(a, b);
  }

  private static InputTensor joined(InputTensor input, Tensor other, int count) {
    long[] extents = input.tensor().shape().toArray();
    int own = (int) extents[0];
    int width = input.tensor().count() / own;
    extents[0] = count;
    int rowsOfOther = other.count() / Math.max(1, width);
    Tensor both = Substitution.concatenated(input.tensor(), other);
    int[] sources = new int[width * count];
    for (int i = 0; i < sources.length; i++) {
      int row = i / width;
      int from = row < own ? row : own + (row - own) % rowsOfOther;
      sources[i] = from * width + i % width;
    }
    List<Misfit> misfits = input.misfits().stream().filter(misfit -> misfit.flat() < sources.length).toList();
    return new InputTensor(Substitution.gathered(both, Shape.of(extents), sources), input.layout(), input.position(), misfits, misfits.size(), input.sizeBreach());
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
