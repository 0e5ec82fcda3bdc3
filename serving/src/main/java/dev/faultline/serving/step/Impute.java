package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;

/// `impute`: a constant in the place of what is missing, which is NaN in a floating tensor and the empty text in a `BYTES` one.
final class Impute extends OneTensorStep {
  private final PerColumn numbers;
  private final byte[] text;
  private final boolean ofText;

  private Impute(Use use, PerColumn numbers, String text, boolean ofText) {
    super(use);
    this.numbers = numbers;
    this.text = text.getBytes(StandardCharsets.UTF_8);
    this.ofText = ofText;
  }

  static Step read(Use use, Declared options) {
    Declared value = options.at("value");
    if (!value.isPresent()) {
      value.problem("is missing (expected: what stands in for a missing value)");
    }
    boolean ofText = value.isText();
    PerColumn numbers = ofText ? PerColumn.same(0) : PerColumn.read(value, 0, Double::isFinite, "a finite number or a text");
    return new Impute(use, numbers, ofText ? value.text("") : "", ofText);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.require(before.type().isFloating() || before.type() == DataType.BYTES, before, "a floating type or BYTES; others have no missing value");
    Specs.require(ofText == (before.type() == DataType.BYTES), before, ofText ? "BYTES, since value is a text" : "a floating type, since value is a number");
    if (!ofText) {
      numbers.require(before);
    }
    return before;
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    Elements after =
        switch (before.elements()) {
          case Elements.Strings strings -> texts(strings);
          case Elements.Fixed _ -> Numbers.floating(before.type(), imputed(before));
        };
    return new Tensor(before.name(), before.type(), before.shape(), after);
  }

  private double[] imputed(Tensor before) {
    double[] values = Numbers.doublesOf(before);
    double[] column = numbers.columns(before);
    for (int i = 0, c = 0; i < values.length; i++, c = c + 1 == column.length ? 0 : c + 1) {
      values[i] = Double.isNaN(values[i]) ? column[c] : values[i];
    }
    return values;
  }

  private Elements texts(Elements.Strings before) {
    byte[][] texts = new byte[before.count()][];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = before.bytesAt(i).length == 0 ? text : before.bytesAt(i);
    }
    return Elements.strings(texts);
  }
}
