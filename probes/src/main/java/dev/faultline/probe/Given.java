package dev.faultline.probe;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One input as it is written: its elements are JSON texts, so that what JSON has no form for can be written too.
///
/// `type` is a text, because a wrong one must be sayable.
public record Given(String name, String type, List<Long> shape, List<String> elements) {

  public Given {
    shape = List.copyOf(shape);
    elements = List.copyOf(elements);
  }

  /// Of a decoded input.
  static Given of(InputTensor input) {
    Tensor tensor = input.tensor();
    var elements = new ArrayList<String>(tensor.count());
    for (int i = 0; i < tensor.count(); i++) {
      elements.add(element(tensor, i));
    }
    for (Misfit misfit : input.misfits()) {
      elements.set(misfit.flat(), misfit.kind() == Misfit.Kind.NULL ? "null" : misfit.got());
    }
    return new Given(tensor.name(), tensor.type().name(), Arrays.stream(tensor.shape().toArray()).boxed().toList(), elements);
  }

  private static String element(Tensor tensor, int i) {
    return switch (tensor.elements()) {
      case Elements.Strings strings -> text(strings.textAt(i));
      case Elements.Fixed fixed -> switch (tensor.type()) {
        case BOOL -> fixed.longAt(i) != 0 ? "true" : "false";
        case FP64 -> Double.toString(fixed.doubleAt(i));
        case FP32, FP16, BF16 -> Float.toString((float) fixed.doubleAt(i));
        case UINT64 -> Long.toUnsignedString(fixed.longAt(i));
        case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Long.toString(fixed.longAt(i));
        case BYTES -> throw new IllegalStateException("texts have no fixed width");
      };
    };
  }

  /// A text as JSON.
  static String text(String value) {
    return JsonNodeFactory.instance.textNode(value).toString();
  }

  Given named(String other) {
    return new Given(other, type, shape, elements);
  }

  Given typed(String other) {
    return new Given(name, other, shape, elements);
  }

  Given shaped(List<Long> other) {
    return new Given(name, type, other, elements);
  }

  Given holding(List<String> others) {
    return new Given(name, type, shape, others);
  }

  Given with(int at, String element) {
    var changed = new ArrayList<>(elements);
    changed.set(at, element);
    return holding(changed);
  }

  /// As many copies along the first axis as make `rows` rows; the last copy may be a part.
  public Given rows(long rows) {
    long perRow = elements.size() / Math.max(1, shape.getFirst());
    var changed = new ArrayList<String>();
    for (long i = 0; i < rows * perRow; i++) {
      changed.add(elements.get((int) (i % elements.size())));
    }
    return extent(0, rows).holding(changed);
  }

  /// Another extent of one axis; the elements stay.
  Given extent(int axis, long extent) {
    var other = new ArrayList<>(shape);
    other.set(axis, extent);
    return shaped(other);
  }

  /// One more along an axis, the elements repeated from the start.
  Given grown(int axis) {
    Given grown = extent(axis, shape.get(axis) + 1);
    var changed = new ArrayList<>(elements);
    for (int i = elements.size(); i < grown.count(); i++) {
      changed.add(elements.get(i % elements.size()));
    }
    return grown.holding(changed);
  }

  long count() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  boolean hasJsonForm() {
    return DataType.find(type).map(DataType::hasJsonForm).orElse(true);
  }
}
