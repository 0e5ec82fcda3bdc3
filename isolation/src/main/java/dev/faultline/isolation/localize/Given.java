package dev.faultline.isolation.localize;

import dev.faultline.graph.Node;
import dev.faultline.graph.NodeAttributes;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A node together with what it was given in one run, as far as that is known.
record Given(Node node, NodeAttributes attributes, Bench.Values values) {

  Optional<Tensor> tensor(int position) {
    return name(position).isEmpty() ? Optional.empty() : values.tensor(name(position));
  }

  Optional<Shape> shape(int position) {
    return name(position).isEmpty() ? Optional.empty() : values.shape(name(position));
  }

  int count() {
    return node.inputs().size();
  }

  String name(int position) {
    return position < node.inputs().size() ? node.inputs().get(position) : "";
  }

  /// A whole-number operand's elements; none when it is left out or unknown.
  List<Long> numbers(int position) {
    return tensor(position).map(Given::numbers).orElse(List.of());
  }

  static List<Long> numbers(Tensor tensor) {
    return IntStream.range(0, tensor.count()).mapToObj(tensor::longAt).toList();
  }

  /// A place in the operand as people write it, empty for a scalar: ` at [0,7]`.
  static String at(Tensor tensor, long flat) {
    return tensor.shape().rank() == 0 ? "" : " at " + tensor.shape().coordinates(flat).toString().replace(" ", "");
  }
}
