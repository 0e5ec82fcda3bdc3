package dev.faultline.tensor;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A named value of a request, a response or a graph: data type, shape and elements that agree with each other.
public record Tensor(String name, DataType type, Shape shape, Elements elements) {

  public Tensor {
    if (shape.elementCount() != elements.count()) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' has " + elements.count() + " elements (expected: " + shape.elementCount() + " for shape " + shape + ")");
    }
    if ((elements instanceof Elements.Strings) != (type == DataType.BYTES)) {
      throw new IllegalArgumentException("tensor '" + name + "': elements do not fit data type " + type);
    }
  }

  public static Tensor floats(String name, Shape shape, float... values) {
    var bytes = Elements.allocate(DataType.FP32, values.length);
    bytes.asFloatBuffer().put(values);
    return new Tensor(name, DataType.FP32, shape, Elements.fixed(DataType.FP32, bytes));
  }

  public static Tensor doubles(String name, Shape shape, double... values) {
    var bytes = Elements.allocate(DataType.FP64, values.length);
    bytes.asDoubleBuffer().put(values);
    return new Tensor(name, DataType.FP64, shape, Elements.fixed(DataType.FP64, bytes));
  }

  public static Tensor ints(String name, Shape shape, int... values) {
    var bytes = Elements.allocate(DataType.INT32, values.length);
    bytes.asIntBuffer().put(values);
    return new Tensor(name, DataType.INT32, shape, Elements.fixed(DataType.INT32, bytes));
  }

  public static Tensor longs(String name, Shape shape, long... values) {
    var bytes = Elements.allocate(DataType.INT64, values.length);
    bytes.asLongBuffer().put(values);
    return new Tensor(name, DataType.INT64, shape, Elements.fixed(DataType.INT64, bytes));
  }

  public static Tensor strings(String name, Shape shape, List<String> values) {
    var encoded = values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    return new Tensor(name, DataType.BYTES, shape, Elements.strings(encoded));
  }

  public int count() {
    return elements.count();
  }

  public Tensor renamed(String newName) {
    return new Tensor(newName, type, shape, elements);
  }

  public Tensor reshaped(Shape newShape) {
    return new Tensor(name, type, newShape, elements);
  }

  /// The element as a `double`.
  ///
  /// @throws IllegalStateException for `BYTES`
  public double doubleAt(int index) {
    return fixed().doubleAt(index);
  }

  public long longAt(int index) {
    return fixed().longAt(index);
  }

  public boolean isFiniteAt(int index) {
    return !type.isFloating() || Double.isFinite(doubleAt(index));
  }

  /// The element as people write it: `3.5`, `-2`, `true`, the text itself.
  public String textAt(int index) {
    return switch (elements) {
      case Elements.Strings strings -> strings.textAt(index);
      case Elements.Fixed fixed ->
          switch (type) {
            case BOOL -> fixed.longAt(index) == 0 ? "false" : "true";
            case FP16, BF16, FP32 -> Float.toString((float) fixed.doubleAt(index));
            case FP64 -> Double.toString(fixed.doubleAt(index));
            case UINT64 -> Long.toUnsignedString(fixed.longAt(index));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64, BYTES -> Long.toString(fixed.longAt(index));
          };
    };
  }

  /// Bytes held by the elements.
  public long byteSize() {
    return switch (elements) {
      case Elements.Fixed fixed -> (long) fixed.count() * type.width();
      case Elements.Strings strings -> {
        long sum = 0;
        for (int i = 0; i < strings.count(); i++) {
          sum += strings.bytesAt(i).length;
        }
        yield sum;
      }
    };
  }

  private Elements.Fixed fixed() {
    return switch (elements) {
      case Elements.Fixed fixed -> fixed;
      case Elements.Strings _ -> throw new IllegalStateException("tensor '" + name + "' holds BYTES, not numbers");
    };
  }

  @Override
  public String toString() {
    return name + " " + type + shape;
  }
}
