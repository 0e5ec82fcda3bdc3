package dev.faultline.serving.model;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.serving.model.WarmUp.Expected;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads golden requests: each a `request` and the `response` that it must get, both as the Open Inference Protocol writes them, so that
/// a call and its answer can be pasted. What those hold beside `inputs` and `outputs` is not looked at.
final class GoldenReader {
  private static final int GOLDENS_MAX = 1_000;

  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;

  GoldenReader(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  void read(List<Declared> goldens, Draft draft) {
    if (goldens.size() > GOLDENS_MAX) {
      goldens.getFirst().problem("is one of " + goldens.size() + " warm-up cases (expected: at most " + GOLDENS_MAX + ")");
      return;
    }
    goldens.forEach(each -> draft.warmUps.add(golden(each)));
  }

  private WarmUp.Golden golden(Declared declared) {
    String name = declared.at("name").text("");
    var sent = new ArrayList<Tensor>();
    for (Declared entry : list(declared.at("request"), "inputs")) {
      tensor(entry, inputs, "input").ifPresent(sent::add);
    }
    Declared tolerance = declared.at("tolerance");
    var wanted = new ArrayList<Expected>();
    for (Declared entry : list(declared.at("response"), "outputs")) {
      tensor(entry, outputs, "output").ifPresent(tensor -> wanted.add(expected(tensor, entry.at("tolerance"), tolerance)));
    }
    declared.rejectOthers();
    return new WarmUp.Golden((name.isEmpty() ? "" : "'" + name + "' in ") + declared.where(), sent, wanted);
  }

  private static List<Declared> list(Declared message, String key) {
    Declared list = message.at(key);
    if (!list.isPresent()) {
      message.problem("has no " + key + " (expected: a list of tensors, each with name, shape, datatype and data)");
    }
    return list.elements();
  }

  private static Optional<Tensor> tensor(Declared entry, List<TensorSpec> specs, String kind) {
    String name = entry.at("name").requiredText();
    Optional<TensorSpec> spec = Agreement.find(specs, name);
    if (spec.isEmpty()) {
      List<String> names = Agreement.names(specs);
      entry.problem("is '" + name + "', which is no " + kind + Hint.of(name, names) + " (expected: " + Declared.listed(names) + ")");
      return Optional.empty();
    }
    DataType type = SpecReader.type(entry.at("datatype"), spec.get().type());
    if (type != spec.get().type()) {
      entry.problem("says that '" + name + "' is " + type + " (expected: " + spec.get().type() + ", as the model says)");
      return Optional.empty();
    }
    return tensor(entry, name, type);
  }

  private static Optional<Tensor> tensor(Declared entry, String name, DataType type) {
    List<Declared> extents = entry.at("shape").elements();
    long[] shape = extents.stream().mapToLong(extent -> extent.integer(0, 0, Integer.MAX_VALUE)).toArray();
    if (!entry.at("data").isPresent()) {
      entry.problem("has no data (expected: its values)");
      return Optional.empty();
    }
    try {
      return Optional.of(PlainTensor.of(name, type, entry.has("shape") ? Shape.of(shape) : null, entry.plainMembers().get("data")));
    } catch (IllegalArgumentException e) {
      entry.at("data").problem(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Expected expected(Tensor tensor, Declared own, Declared common) {
    Tolerance usual = Tolerance.read(common, Tolerance.of(tensor.type()));
    Tolerance wanted = Tolerance.read(own, usual);
    return new Expected(tensor, wanted.absolute(), wanted.relative());
  }

  /// How far a number may be from the one expected.
  private record Tolerance(double absolute, double relative) {

    /// Enough for another kind of processor, too little for another model.
    static Tolerance of(DataType type) {
      return switch (type) {
        case FP64, FP32 -> new Tolerance(1e-5, 1e-4);
        case FP16 -> new Tolerance(1e-3, 5e-3);
        case BF16 -> new Tolerance(1e-2, 2e-2);
        case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> new Tolerance(0, 0);
      };
    }

    static Tolerance read(Declared declared, Tolerance absent) {
      if (!declared.isPresent()) {
        return absent;
      }
      double absolute = number(declared.at("absolute"));
      double relative = number(declared.at("relative"));
      declared.rejectOthers();
      return new Tolerance(absolute, relative);
    }

    private static double number(Declared declared) {
      return declared.number(0, value -> value >= 0 && Double.isFinite(value), "a number of 0 or more");
    }
  }
}
