package dev.faultline.capture;

import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Zeroes hidden elements of binary tensors, in place. Texts keep their length prefixes, so that the tensor still decodes. What does
/// not add up is zeroed altogether.
final class BinaryRedaction {

  /// A stretch of bytes that holds a tensor, and how many elements its last axis has (0 or less: not known).
  record Stretch(int bytes, String datatype, long lastExtent, Columns columns) {}

  private final byte[] bytes;

  private BinaryRedaction(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @return whether anything was hidden
  static boolean zero(byte[] binary, List<Stretch> stretches) {
    if (stretches.stream().allMatch(each -> each.columns().equals(Columns.noOne()))) {
      return false;
    }
    var redaction = new BinaryRedaction(binary);
    if (stretches.stream().anyMatch(each -> each.bytes() < 0)
        || stretches.stream().mapToLong(Stretch::bytes).sum() != binary.length) {
      redaction.zero(0, binary.length);
      return true;
    }
    int from = 0;
    for (Stretch stretch : stretches) {
      redaction.zero(from, stretch);
      from += stretch.bytes();
    }
    return true;
  }

  /// A payload that is the elements of the only input.
  static Redaction.Redacted ofOnlyInput(Redaction redaction, Payload from, List<TensorSpec> specs) {
    if (specs.size() != 1) {
      return Redaction.withheld(from);
    }
    TensorSpec only = specs.getFirst();
    byte[] copy = from.copyOfBytes();
    var stretch = new Stretch(copy.length, only.type().name(), only.columns().size(), Columns.of(redaction, only));
    boolean changed = zero(copy, List.of(stretch));
    return new Redaction.Redacted(changed ? Payload.of(copy, from.contentType()) : from, changed);
  }

  private void zero(int from, Stretch stretch) {
    if (stretch.columns().equals(Columns.noOne())) {
      return;
    }
    boolean done =
        stretch.datatype().equals(DataType.BYTES.name()) ? zeroTexts(from, stretch) : zeroNumbers(from, stretch, width(stretch));
    if (!done) {
      zero(from, from + stretch.bytes());
    }
  }

  private static int width(Stretch stretch) {
    return Arrays.stream(DataType.values()).filter(type -> type.name().equals(stretch.datatype())).mapToInt(DataType::width).sum();
  }

  private boolean zeroNumbers(int from, Stretch stretch, int width) {
    long row = stretch.lastExtent() * width;
    if (row <= 0 || stretch.bytes() % row != 0) {
      return false;
    }
    for (int at = 0; at < stretch.bytes(); at += width) {
      if (stretch.columns().hide(at / width % stretch.lastExtent(), stretch.lastExtent())) {
        zero(from + at, from + at + width);
      }
    }
    return true;
  }

  /// Each text stands behind its length, four bytes, little-endian.
  private boolean zeroTexts(int from, Stretch stretch) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, from, stretch.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long extent = Math.max(1, stretch.lastExtent());
    for (long element = 0; buffer.hasRemaining(); element++) {
      int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        return false;
      }
      if (stretch.columns().hide(element % extent, extent)) {
        zero(buffer.position(), buffer.position() + length);
      }
      buffer.position(buffer.position() + length);
    }
    return true;
  }

  private void zero(int from, int to) {
    Arrays.fill(bytes, from, to, (byte) 0);
  }
}
