package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;

/// The elements of one output as JSON values.
///
/// Floats are the shortest decimal that reads back as the same float of their own width. NaN and the infinities are the bare
/// words Python writes and reads; RATIONALE.md says why.
final class ElementsToJson {
  private final Tensor tensor;

  ElementsToJson(Tensor tensor) {
    if (!tensor.type().hasJsonForm()) {
      throw fault(
          "sending " + tensor.type() + " data via JSON is not supported; ask for output '" + tensor.name() + "' with binary_data: true",
          Field.output(tensor.name()));
    }
    this.tensor = tensor;
  }

  void write(JsonGenerator out, int index) throws IOException {
    switch (tensor.elements()) {
      case Elements.Fixed fixed -> writeNumber(out, fixed, index);
      case Elements.Strings strings -> writeText(out, strings.bytesAt(index), index);
    }
  }

  private void writeNumber(JsonGenerator out, Elements.Fixed fixed, int index) throws IOException {
    switch (tensor.type()) {
      case FP32 -> out.writeNumber((float) fixed.doubleAt(index));
      case FP64 -> out.writeNumber(fixed.doubleAt(index));
      case BOOL -> out.writeBoolean(fixed.longAt(index) != 0);
      case UINT64 -> writeUnsigned(out, fixed.longAt(index));
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> out.writeNumber(fixed.longAt(index));
      case FP16, BF16, BYTES -> throw new IllegalStateException(tensor + " has no numbers with a JSON form");
    }
  }

  private static void writeUnsigned(JsonGenerator out, long bits) throws IOException {
    if (bits >= 0) {
      out.writeNumber(bits);
    } else {
      out.writeNumber(new BigInteger(Long.toUnsignedString(bits)));
    }
  }

  private void writeText(JsonGenerator out, byte[] text, int index) throws IOException {
    if (!Utf8.isWellFormed(text)) {
      Field where = Field.outputElement(tensor.name(), tensor.shape(), index, List.of());
      throw fault(where.path() + " is not UTF-8 text, which JSON needs; ask for output '" + tensor.name() + "' with binary_data: true", where);
    }
    out.writeUTF8String(text, 0, text.length);
  }

  private static FaultException fault(String reason, Field where) {
    return new FaultException(new EncodeFault(reason, List.of(where), List.of()));
  }
}
