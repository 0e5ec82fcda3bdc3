package dev.faultline.isolation;

import dev.faultline.isolation.attribute.ReadingsFromRequest;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Elements of tensors as readings, and back.
final class Readings {
  private Readings() {}

  /// What a request has at one element: the value, or why it has none.
  static Reading of(InputTensor input, int flat) {
    Optional<Misfit> misfit = input.misfits().stream().filter(each -> each.flat() == flat).findFirst();
    return misfit.map(ReadingsFromRequest::asItWas).orElseGet(() -> of(input.tensor(), flat));
  }

  static Reading of(Tensor tensor, int flat) {
    return switch (tensor.type()) {
      case BYTES -> Reading.of(tensor.textAt(flat));
      case BOOL -> Reading.of(tensor.longAt(flat) != 0);
      case FP16, BF16, FP32, FP64 -> Reading.of(decimal(tensor, flat));
      case UINT64 -> tensor.longAt(flat) < 0 ? Reading.of(tensor.doubleAt(flat)) : Reading.of(tensor.longAt(flat));
      case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> Reading.of(tensor.longAt(flat));
    };
  }

  /// A whole input: its only value, otherwise its shape.
  static Reading of(InputTensor input) {
    return input.tensor().count() == 1 ? of(input, 0) : shape(input.tensor());
  }

  static Reading shape(Tensor tensor) {
    var extents = new ArrayList<Long>();
    for (long extent : tensor.shape().toArray()) {
      extents.add(extent);
    }
    return new Reading.Extents(extents);
  }

  /// One element of a data type that holds the reading; empty when it cannot.
  static Optional<Tensor> tensor(String name, DataType type, Reading reading) {
    return switch (reading) {
      case Reading.Whole(long value) when fits(type, value) -> Optional.of(number(name, type, (double) value, value));
      case Reading.Real(double value) when type.isFloating() -> Optional.of(number(name, type, value, (long) value));
      default -> Optional.empty();
    };
  }

  /// The shortest decimal that a float stands for, so that 0.1 in FP32 reads 0.1.
  private static double decimal(Tensor tensor, int flat) {
    double value = tensor.doubleAt(flat);
    return tensor.type() == DataType.FP64 || !Double.isFinite(value) ? value : Double.parseDouble(Float.toString((float) value));
  }

  private static boolean fits(DataType type, long value) {
    return switch (type) {
      case INT64 -> true;
      case UINT64 -> value >= 0;
      case INT8, INT16, INT32 -> value >= -(1L << (8 * type.width() - 1)) && value < 1L << (8 * type.width() - 1);
      case UINT8, UINT16, UINT32 -> value >= 0 && value < 1L << (8 * type.width());
      case FP16, BF16, FP32, FP64 -> true;
      case BOOL, BYTES -> false;
    };
  }

  private static Tensor number(String name, DataType type, double value, long whole) {
    ByteBuffer bytes = Elements.allocate(type, 1);
    switch (type) {
      case FP64 -> bytes.putDouble(0, value);
      case FP32 -> bytes.putFloat(0, (float) value);
      case FP16 -> bytes.putShort(0, Float.floatToFloat16((float) value));
      case BF16 -> bytes.putShort(0, (short) (Float.floatToRawIntBits((float) value) >>> 16));
      case INT64, UINT64 -> bytes.putLong(0, whole);
      case INT32, UINT32 -> bytes.putInt(0, (int) whole);
      case INT16, UINT16 -> bytes.putShort(0, (short) whole);
      case INT8, UINT8, BOOL -> bytes.put(0, (byte) whole);
      case BYTES -> throw new IllegalArgumentException("BYTES holds no number");
    }
    return new Tensor(name, type, Shape.of(1), Elements.fixed(type, bytes));
  }

  static List<Long> extents(Reading reading) {
    return reading instanceof Reading.Extents(List<Long> value) ? value : List.of();
  }
}
