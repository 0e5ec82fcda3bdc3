package dev.faultline.serving.stage;

import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.stream.DoubleStream;

/// Finds numbers outside an interval, one interval for each column or one for all: typed loops that allocate nothing.
///
/// Integers are compared as `double`, which is exact up to 2^53, as the bounds are themselves.
final class BoundsScan {
  private final double[] low;
  private final double[] high;

  private BoundsScan(double[] low, double[] high) {
    this.low = low;
    this.high = high;
  }

  static BoundsScan of(DoubleStream low, DoubleStream high) {
    return new BoundsScan(low.toArray(), high.toArray());
  }

  /// Flat index of the first element at or after `from` that is below, above or NaN; -1 when there is none. `bytes` are the tensor's.
  int next(Tensor tensor, ByteBuffer bytes, int from) {
    return switch (tensor.type()) {
      case FP32 -> low.length == 1 ? nextFloat(bytes, from, low[0], high[0]) : nextFloat(bytes, from);
      case FP64 -> nextDouble(bytes, from);
      case INT64 -> nextLong(bytes, from);
      case FP16, BF16, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, BYTES -> nextOfAny(tensor, from);
    };
  }

  /// The commonest case by far, with nothing in the loop but the comparison.
  private static int nextFloat(ByteBuffer bytes, int from, double min, double max) {
    int end = bytes.limit();
    for (int at = from * Float.BYTES; at < end; at += Float.BYTES) {
      float value = bytes.getFloat(at);
      if (!(value >= min && value <= max)) {
        return at / Float.BYTES;
      }
    }
    return -1;
  }

  private int nextFloat(ByteBuffer bytes, int from) {
    int column = from % low.length;
    for (int at = from * Float.BYTES; at < bytes.limit(); at += Float.BYTES) {
      if (!isSound(bytes.getFloat(at), column)) {
        return at / Float.BYTES;
      }
      column = following(column);
    }
    return -1;
  }

  private int nextDouble(ByteBuffer bytes, int from) {
    int column = from % low.length;
    for (int at = from * Double.BYTES; at < bytes.limit(); at += Double.BYTES) {
      if (!isSound(bytes.getDouble(at), column)) {
        return at / Double.BYTES;
      }
      column = following(column);
    }
    return -1;
  }

  private int nextLong(ByteBuffer bytes, int from) {
    int column = from % low.length;
    for (int at = from * Long.BYTES; at < bytes.limit(); at += Long.BYTES) {
      if (!isSound((double) bytes.getLong(at), column)) {
        return at / Long.BYTES;
      }
      column = following(column);
    }
    return -1;
  }

  private int nextOfAny(Tensor tensor, int from) {
    int column = from % low.length;
    for (int at = from; at < tensor.count(); at++) {
      if (!isSound(tensor.doubleAt(at), column)) {
        return at;
      }
      column = following(column);
    }
    return -1;
  }

  /// False for NaN as well.
  private boolean isSound(double value, int column) {
    return value >= low[column] && value <= high[column];
  }

  private int following(int column) {
    return column + 1 == low.length ? 0 : column + 1;
  }
}
