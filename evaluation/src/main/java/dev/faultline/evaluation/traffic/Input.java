package dev.faultline.evaluation.traffic;

import java.util.ArrayList;
import java.util.List;

/// One input tensor as the JSON of a request carries it: numbers, texts, and texts where numbers should be.
public record Input(String name, String datatype, List<Integer> shape, List<Object> values) {
  public Input {
    shape = List.copyOf(shape);
    values = List.copyOf(values);
  }

  public static Input floats(String name, List<Integer> shape, double... values) {
    return new Input(name, "FP32", shape, boxed(values));
  }

  public static Input doubles(String name, List<Integer> shape, double... values) {
    return new Input(name, "FP64", shape, boxed(values));
  }

  /// A column of one whole number.
  public static Input ofLong(String name, long value) {
    return new Input(name, "INT64", List.of(1), List.of(value));
  }

  public static Input ofText(String name, String value) {
    return new Input(name, "BYTES", List.of(1), List.of(value));
  }

  public Input with(int flat, Object value) {
    var changed = new ArrayList<>(values);
    changed.set(flat, value);
    return new Input(name, datatype, shape, changed);
  }

  /// The number at a place; NaN where a text stands.
  public double number(int flat) {
    return values.get(flat) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /// Extent of the last axis.
  public int width() {
    return shape.isEmpty() ? 1 : shape.getLast();
  }

  public int batch() {
    return shape.isEmpty() ? 1 : shape.getFirst();
  }

  private static List<Object> boxed(double... values) {
    var boxed = new ArrayList<Object>(values.length);
    for (double value : values) {
      boxed.add(value);
    }
    return boxed;
  }
}
