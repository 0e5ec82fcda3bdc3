package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `lookup`: each text or integer becomes what the table has for it.
///
/// The table's values are all integers (INT64), all numbers (FP32) or all texts (BYTES). A value that is not in the table becomes
/// `default`, and fails the step when there is none.
final class Lookup extends OneTensorStep {
  private final Vocabulary keys;
  private final List<String> keyTexts;
  private final DataType type;
  private final Elements values;
  private final boolean hasDefault;

  private Lookup(Use use, List<String> keys, DataType type, Elements values, boolean hasDefault) {
    super(use);
    this.keyTexts = keys;
    this.keys = new Vocabulary(keys);
    this.type = type;
    this.values = values;
    this.hasDefault = hasDefault;
  }

  static Step read(Use use, Declared options) {
    Declared table = options.at("table");
    Declared other = options.at("default");
    var members = table.members();
    if (members.isEmpty() || members.size() > Values.COUNT_MAX) {
      table.problem("has " + members.size() + " entries (expected: a mapping of 1 to " + Values.COUNT_MAX + ")");
    }
    var values = new ArrayList<>(members.values());
    if (other.isPresent()) {
      values.add(other);
    }
    DataType type = typeOf(values);
    return new Lookup(use, List.copyOf(members.keySet()), type, elements(values, type), other.isPresent());
  }

  private static DataType typeOf(List<Declared> values) {
    if (values.stream().allMatch(Declared::isInteger)) {
      return DataType.INT64;
    }
    return values.stream().anyMatch(Declared::isNumber) ? DataType.FP32 : DataType.BYTES;
  }

  private static Elements elements(List<Declared> values, DataType type) {
    if (type == DataType.INT64) {
      return Numbers.integral(type, values.stream().mapToLong(value -> value.integer(0, Long.MIN_VALUE, Long.MAX_VALUE)).toArray());
    }
    if (type == DataType.FP32) {
      return Numbers.floating(type, values.stream().mapToDouble(Lookup::number).toArray());
    }
    return Elements.strings(values.stream().map(value -> value.requiredText().getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
  }

  private static double number(Declared value) {
    if (!value.isNumber()) {
      value.expected("a number, as other values of the table are");
      return 0;
    }
    return value.number(0);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    keys.require(before);
    return Specs.typed(before, type);
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    int[] at = new int[before.count()];
    Arrays.setAll(at, i -> keys.positionAt(before, i));
    for (int i = 0; i < at.length; i++) {
      if (at[i] == Vocabulary.UNKNOWN && !hasDefault) {
        throw Tensors.broken(before, i, Values.shown(before, i), "one of the table's keys " + Declared.listed(keyTexts) + "; or give the step a default");
      }
      at[i] = at[i] == Vocabulary.UNKNOWN ? values.count() - 1 : at[i];
    }
    return new Tensor(before.name(), type, before.shape(), Numbers.gather(values, type, at));
  }
}
