package dev.faultline.serving.step;

import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Tensors of one request, by name.
final class Tensors {

  private Tensors() {}

  static Tensor fetch(List<Tensor> tensors, String name) {
    for (Tensor tensor : tensors) {
      if (tensor.name().equals(name)) {
        return tensor;
      }
    }
    throw new StepException(name, -1, "tensor '" + name + "' is absent (expected: a value, or a step that makes it)");
  }

  /// `after` in the place of the tensor with its name, or at the end.
  static List<Tensor> put(List<Tensor> tensors, Tensor after) {
    var all = new ArrayList<Tensor>(tensors.size() + 1);
    boolean placed = false;
    for (Tensor tensor : tensors) {
      boolean same = tensor.name().equals(after.name());
      all.add(same ? after : tensor);
      placed |= same;
    }
    if (!placed) {
      all.add(after);
    }
    return all;
  }

  /// The failure of one element: `tensor 'x' element [3,1] is NaN (expected: ...)`.
  static StepException broken(Tensor tensor, int flat, String found, String expected) {
    String at = tensor.shape().rank() == 0 ? "" : " element " + tensor.shape().coordinates(flat).toString().replace(" ", "");
    return new StepException(tensor.name(), flat, "tensor '" + tensor.name() + "'" + at + " is " + found + " (expected: " + expected + ")");
  }

  static StepException broken(Tensor tensor, String found, String expected) {
    return new StepException(tensor.name(), -1, "tensor '" + tensor.name() + "' " + found + " (expected: " + expected + ")");
  }
}
