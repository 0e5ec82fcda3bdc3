package dev.faultline.server.conformance;

import com.google.protobuf.ByteString;
import dev.faultline.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A tensor as the raw wire form has it: little-endian, row-major; texts each after their length in four bytes.
record WireTensor(String name, DataType type, List<Long> shape, ByteString bytes) {
  WireTensor {
    shape = List.copyOf(shape);
  }

  static ByteString ofTexts(List<ByteString> texts) {
    ByteBuffer bytes = ByteBuffer.allocate(texts.stream().mapToInt(text -> Integer.BYTES + text.size()).sum()).order(ByteOrder.LITTLE_ENDIAN);
    texts.forEach(text -> bytes.putInt(text.size()).put(text.toByteArray()));
    return ByteString.copyFrom(bytes.flip());
  }

  List<ByteString> texts() {
    var texts = new ArrayList<ByteString>();
    for (int at = 0; at < bytes.size(); ) {
      int end = at + Integer.BYTES + values().getInt(at);
      texts.add(bytes.substring(at + Integer.BYTES, end));
      at = end;
    }
    return texts;
  }

  ByteBuffer values() {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  int count() {
    return type == DataType.BYTES ? texts().size() : bytes.size() / type.width();
  }
}
