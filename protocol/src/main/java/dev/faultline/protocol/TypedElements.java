package dev.faultline.protocol;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;

/// The typed contents of a gRPC tensor, both ways: each data type has its member, and the small integers share those of 32 bits.
final class TypedElements {
  private final InferTensorContents contents;
  private final DataType type;

  TypedElements(InferTensorContents contents, DataType type) {
    this.contents = contents;
    this.type = type;
  }

  /// Name of the member that holds the data type.
  String member() {
    return descriptor().getName();
  }

  /// Whether the values stand in another member than the data type's.
  boolean isElsewhere() {
    return !contents.getAllFields().isEmpty() && (count() == 0 || contents.getAllFields().size() > 1);
  }

  /// The first member with values that is not the data type's.
  String foundIn() {
    return contents.getAllFields().keySet().stream().map(FieldDescriptor::getName).filter(name -> !name.equals(member())).findFirst().orElse("");
  }

  InputTensor input(String name, Shape shape, int position) {
    if (count() != shape.elementCount()) {
      String breach = count() + (count() == 1 ? " value" : " values") + " for shape " + shape + ", which holds " + shape.elementCount();
      return RawElements.breach(name, type, breach, position);
    }
    if (type == DataType.BYTES) {
      return InputTensor.of(new Tensor(name, type, shape, texts()), Layout.CONTENTS, position);
    }
    var misfits = new Misfits();
    ByteBuffer bytes = numbers(misfits);
    var tensor = new Tensor(name, type, shape, Elements.fixed(type, bytes));
    return new InputTensor(tensor, Layout.CONTENTS, position, misfits.kept(), misfits.count(), "");
  }

  static InferTensorContents write(Tensor tensor) {
    var contents = InferTensorContents.newBuilder();
    for (int i = 0; i < tensor.count(); i++) {
      switch (tensor.elements()) {
        case Elements.Strings strings -> contents.addBytesContents(com.google.protobuf.UnsafeByteOperations.unsafeWrap(strings.bytesAt(i)));
        case Elements.Fixed fixed -> add(contents, tensor.type(), fixed, i);
      }
    }
    return contents.build();
  }

  private static void add(InferTensorContents.Builder contents, DataType type, Elements.Fixed from, int i) {
    var _ = switch (type) {
      case BOOL -> contents.addBoolContents(from.longAt(i) != 0);
      case INT8, INT16, INT32 -> contents.addIntContents((int) from.longAt(i));
      case INT64 -> contents.addInt64Contents(from.longAt(i));
      case UINT8, UINT16, UINT32 -> contents.addUintContents((int) from.longAt(i));
      case UINT64 -> contents.addUint64Contents(from.longAt(i));
      case FP32 -> contents.addFp32Contents((float) from.doubleAt(i));
      case FP64 -> contents.addFp64Contents(from.doubleAt(i));
      case FP16, BF16, BYTES -> throw new IllegalStateException(type + " has no typed numbers in the protocol");
    };
  }

  private int count() {
    return contents.getRepeatedFieldCount(descriptor());
  }

  private FieldDescriptor descriptor() {
    int number = switch (type) {
      case BOOL -> InferTensorContents.BOOL_CONTENTS_FIELD_NUMBER;
      case INT8, INT16, INT32 -> InferTensorContents.INT_CONTENTS_FIELD_NUMBER;
      case INT64 -> InferTensorContents.INT64_CONTENTS_FIELD_NUMBER;
      case UINT8, UINT16, UINT32 -> InferTensorContents.UINT_CONTENTS_FIELD_NUMBER;
      case UINT64 -> InferTensorContents.UINT64_CONTENTS_FIELD_NUMBER;
      case FP32 -> InferTensorContents.FP32_CONTENTS_FIELD_NUMBER;
      case FP64 -> InferTensorContents.FP64_CONTENTS_FIELD_NUMBER;
      case BYTES -> InferTensorContents.BYTES_CONTENTS_FIELD_NUMBER;
      case FP16, BF16 -> throw new IllegalStateException(type + " has no typed contents in the protocol");
    };
    return InferTensorContents.getDescriptor().findFieldByNumber(number);
  }

  private Elements texts() {
    byte[][] values = new byte[count()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = contents.getBytesContents(i).toByteArray();
    }
    return Elements.strings(values);
  }

  private ByteBuffer numbers(Misfits misfits) {
    int count = count();
    ByteBuffer bytes = Elements.allocate(type, count);
    for (int i = 0; i < count; i++) {
      put(bytes, i, misfits);
    }
    return bytes.flip();
  }

  private void put(ByteBuffer bytes, int i, Misfits misfits) {
    var _ = switch (type) {
      case BOOL -> bytes.put((byte) (contents.getBoolContents(i) ? 1 : 0));
      case INT8 -> bytes.put((byte) within(contents.getIntContents(i), Byte.MIN_VALUE, Byte.MAX_VALUE, i, misfits));
      case INT16 -> bytes.putShort((short) within(contents.getIntContents(i), Short.MIN_VALUE, Short.MAX_VALUE, i, misfits));
      case INT32 -> bytes.putInt(contents.getIntContents(i));
      case INT64 -> bytes.putLong(contents.getInt64Contents(i));
      case UINT8 -> bytes.put((byte) within(Integer.toUnsignedLong(contents.getUintContents(i)), 0, 0xFF, i, misfits));
      case UINT16 -> bytes.putShort((short) within(Integer.toUnsignedLong(contents.getUintContents(i)), 0, 0xFFFF, i, misfits));
      case UINT32 -> bytes.putInt(contents.getUintContents(i));
      case UINT64 -> bytes.putLong(contents.getUint64Contents(i));
      case FP32 -> bytes.putFloat(contents.getFp32Contents(i));
      case FP64 -> bytes.putDouble(contents.getFp64Contents(i));
      case FP16, BF16, BYTES -> throw new IllegalStateException(type + " has no typed numbers in the protocol");
    };
  }

  private static long within(long value, long min, long max, int index, Misfits misfits) {
    if (value >= min && value <= max) {
      return value;
    }
    misfits.add(index, Misfit.Kind.OUT_OF_RANGE, Long.toString(value));
    return 0;
  }
}
