package dev.faultline.serving.step;

import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A declared list of distinct values, and values in messages.
final class Values {
  /// A one-hot wider than this is a mistake, and a table larger than this belongs into the model.
  static final int COUNT_MAX = 100_000;

  private static final int SHOWN_LENGTH_MAX = 60;

  private Values() {}

  static List<String> read(Declared declared) {
    Set<String> values = new LinkedHashSet<>();
    List<Declared> elements = declared.elements();
    if (elements.isEmpty() || elements.size() > COUNT_MAX) {
      declared.problem("has " + elements.size() + " values (expected: a list of 1 to " + COUNT_MAX + ")");
    }
    for (Declared element : elements) {
      String value = element.scalar().orElse("");
      if (element.scalar().isEmpty()) {
        element.expected("a text or a number");
      } else if (!values.add(value)) {
        element.problem("repeats '" + value + "' (expected: each value once)");
      }
    }
    return List.copyOf(values);
  }

  /// Texts in quotes, shortened.
  static String shown(Tensor tensor, int flat) {
    String text = tensor.textAt(flat);
    String shortened = text.length() <= SHOWN_LENGTH_MAX ? text : text.substring(0, SHOWN_LENGTH_MAX) + "...";
    return tensor.type() == DataType.BYTES ? "'" + shortened + "'" : shortened;
  }
}
