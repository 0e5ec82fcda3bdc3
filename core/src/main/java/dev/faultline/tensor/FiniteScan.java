package dev.faultline.tensor;

import java.nio.ByteBuffer;

/// Finds NaN and infinities in a tensor at about the speed of memory.
///
/// In every IEEE 754 layout an element is not finite when all bits of its exponent are set, so adding one to the masked exponent carries
/// into the sign bit. Masked like that no lane can carry into its neighbour, so one `long` tests two, four or one elements at once and
/// one loop serves every floating type (SIMD within a register; Warren, "Hacker's Delight", 2nd ed., 2-18).
public final class FiniteScan {
  private static final int BLOCK_BYTES = 4096;

  private FiniteScan() {}

  /// Flat index of the first element at or after `from` that is NaN or infinite, -1 when there is none. Only floating types have any.
  public static int next(Tensor tensor, int from) {
    if (!tensor.type().isFloating() || !(tensor.elements() instanceof Elements.Fixed values)) {
      return -1;
    }
    return next(values, Lanes.of(tensor.type()), tensor.type().width(), from);
  }

  /// The same for NaN alone.
  public static int nextNan(Tensor tensor, int from) {
    int at = next(tensor, from);
    while (at >= 0 && !Double.isNaN(tensor.doubleAt(at))) {
      at = next(tensor, at + 1);
    }
    return at;
  }

  public static boolean allFinite(Tensor tensor) {
    return next(tensor, 0) < 0;
  }

  /// A mask of every lane's exponent, one in its lowest place, and the places it carries into.
  private record Lanes(long exponents, long ones, long signs) {
    private static final Lanes FP16 = new Lanes(0x7c00_7c00_7c00_7c00L, 0x0400_0400_0400_0400L, 0x8000_8000_8000_8000L);
    private static final Lanes BF16 = new Lanes(0x7f80_7f80_7f80_7f80L, 0x0080_0080_0080_0080L, 0x8000_8000_8000_8000L);
    private static final Lanes FP32 = new Lanes(0x7f80_0000_7f80_0000L, 0x0080_0000_0080_0000L, 0x8000_0000_8000_0000L);
    private static final Lanes FP64 = new Lanes(0x7ff0_0000_0000_0000L, 0x0010_0000_0000_0000L, 0x8000_0000_0000_0000L);

    static Lanes of(DataType type) {
      return switch (type) {
        case FP16 -> FP16;
        case BF16 -> BF16;
        case FP32 -> FP32;
        case FP64 -> FP64;
        case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES ->
            throw new IllegalArgumentException(type + " (expected: a floating type)");
      };
    }
  }

  /// Element by element up to a block's edge, then block by block; a block that holds something is searched element by element.
  private static int next(Elements.Fixed values, Lanes lanes, int width, int from) {
    ByteBuffer bytes = values.bytes();
    int block = BLOCK_BYTES / width;
    int start = from;
    while (start < values.count()) {
      int end = Math.min(values.count(), start - start % block + block);
      boolean whole = end - start == block;
      if (!whole || holdsNonfinite(bytes, start * width, lanes)) {
        int found = search(values, start, end);
        if (found >= 0) {
          return found;
        }
      }
      start = end;
    }
    return -1;
  }

  private static boolean holdsNonfinite(ByteBuffer bytes, int offset, Lanes lanes) {
    long exponents = lanes.exponents;
    long ones = lanes.ones;
    long carried = 0;
    for (int at = offset; at < offset + BLOCK_BYTES; at += Long.BYTES) {
      carried |= (bytes.getLong(at) & exponents) + ones;
    }
    return (carried & lanes.signs) != 0;
  }

  private static int search(Elements.Fixed values, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Double.isFinite(values.doubleAt(i))) {
        return i;
      }
    }
    return -1;
  }
}
