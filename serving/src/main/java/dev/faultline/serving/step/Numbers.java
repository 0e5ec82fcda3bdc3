package dev.faultline.serving.step;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;

/// Elements in and out of Java arrays, so that a step's own loop is a plain one that the compiler can vectorise.
public final class Numbers {

  private Numbers() {}

  /// A copy, widened. `INT64` beyond 2^53 loses its last bits.
  static double[] doublesOf(Tensor tensor) {
    Elements.Fixed fixed = fixed(tensor);
    double[] values = new double[fixed.count()];
    if (tensor.type() == DataType.FP32) {
      float[] narrow = new float[values.length];
      fixed.bytes().asFloatBuffer().get(narrow);
      for (int i = 0; i < values.length; i++) {
        values[i] = narrow[i];
      }
    } else if (tensor.type() == DataType.FP64) {
      fixed.bytes().asDoubleBuffer().get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = fixed.doubleAt(i);
      }
    }
    return values;
  }

  static long[] longsOf(Tensor tensor) {
    Elements.Fixed fixed = fixed(tensor);
    long[] values = new long[fixed.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = fixed.longAt(i);
    }
    return values;
  }

  /// Rounded to the nearest value of a floating type.
  public static Elements floating(DataType type, double[] values) {
    ByteBuffer bytes = Elements.allocate(type, values.length);
    switch (type) {
      case FP32 -> bytes.asFloatBuffer().put(narrowed(values));
      case FP64 -> bytes.asDoubleBuffer().put(values);
      case FP16, BF16 -> {
        for (int i = 0; i < values.length; i++) {
          bytes.putShort(i * 2, type == DataType.FP16 ? Float.floatToFloat16((float) values[i]) : bfloat((float) values[i]));
        }
      }
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
          throw new IllegalArgumentException(type + " is not a floating type");
    }
    return Elements.fixed(type, bytes);
  }

  /// The low bits of each value, for integer types and `BOOL`.
  public static Elements integral(DataType type, long[] values) {
    ByteBuffer bytes = Elements.allocate(type, values.length);
    int width = type.width();
    for (int i = 0; i < values.length; i++) {
      switch (width) {
        case 1 -> bytes.put(i, (byte) values[i]);
        case 2 -> bytes.putShort(i * 2, (short) values[i]);
        case 4 -> bytes.putInt(i * 4, (int) values[i]);
        default -> bytes.putLong(i * 8, values[i]);
      }
    }
    return Elements.fixed(type, bytes);
  }

  /// The elements of `table` at `indices`, in their order.
  static Elements gather(Elements table, DataType type, int[] indices) {
    return switch (table) {
      case Elements.Strings strings -> {
        byte[][] texts = new byte[indices.length][];
        for (int i = 0; i < indices.length; i++) {
          texts[i] = strings.bytesAt(indices[i]);
        }
        yield Elements.strings(texts);
      }
      case Elements.Fixed fixed -> {
        int width = type.width();
        ByteBuffer from = fixed.bytes();
        ByteBuffer to = Elements.allocate(type, indices.length);
        for (int i = 0; i < indices.length; i++) {
          to.put(i * width, from, indices[i] * width, width);
        }
        yield Elements.fixed(type, to);
      }
    };
  }

  static Elements.Fixed fixed(Tensor tensor) {
    return switch (tensor.elements()) {
      case Elements.Fixed fixed -> fixed;
      case Elements.Strings _ -> throw Tensors.broken(tensor, "holds BYTES", "numbers");
    };
  }

  /// Least value an integer type or `BOOL` holds; for `UINT64` 0.
  static long least(DataType type) {
    return type.isUnsigned() || type == DataType.BOOL ? 0 : Long.MIN_VALUE >> (64 - 8 * type.width());
  }

  /// Greatest value an integer type or `BOOL` holds; for `UINT64` the greatest `long`.
  static long greatest(DataType type) {
    if (type == DataType.BOOL) {
      return 1;
    }
    int bits = type.width() * 8 - (type.isUnsigned() ? 0 : 1);
    return bits >= 63 ? Long.MAX_VALUE : (1L << bits) - 1;
  }

  private static float[] narrowed(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /// The upper half of the float, rounded to nearest even.
  private static short bfloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) (Float.isNaN(value) ? (bits >>> 16) | 0x40 : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
