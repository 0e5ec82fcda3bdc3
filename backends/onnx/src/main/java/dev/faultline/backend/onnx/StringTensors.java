package dev.faultline.backend.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.faultline.tensor.Elements;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Text in and out of the engine, byte for byte.
///
/// The Java binding passes text as JNI's *modified* UTF-8: a character beyond U+FFFF reaches the model as two surrogates of three bytes
/// each, so that it equals nothing the model knows, and comes back cut off; U+0000 becomes two bytes. The engine itself holds plain
/// bytes, so this goes through [CInterface].
final class StringTensors {

  private StringTensors() {}

  static OnnxTensor create(Elements.Strings values, long[] shape) throws OrtException {
    var blanks = new String[values.count()];
    Arrays.fill(blanks, "");
    OnnxTensor tensor = OnnxTensor.createTensor(Engine.ENVIRONMENT, blanks, shape);
    try {
      fill(tensor, values);
      return tensor;
    } catch (OrtException e) {
      tensor.close();
      throw e;
    }
  }

  static Elements read(OnnxTensor tensor, long count) throws OrtException {
    if (count == 0) {
      return Elements.strings(new byte[0][]);
    }
    long handle = CInterface.handle(tensor);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocate(JAVA_LONG);
      CInterface.check(CInterface.DATA_LENGTH.call(handle, length));
      MemorySegment bytes = arena.allocate(length.get(JAVA_LONG, 0));
      MemorySegment starts = arena.allocate(JAVA_LONG, count);
      CInterface.check(CInterface.CONTENT.call(handle, bytes, bytes.byteSize(), starts, count));
      return Elements.strings(split(bytes, starts, (int) count));
    }
  }

  private static void fill(OnnxTensor tensor, Elements.Strings values) throws OrtException {
    long handle = CInterface.handle(tensor);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      for (int i = 0; i < values.count(); i++) {
        byte[] bytes = values.bytesAt(i);
        CInterface.check(CInterface.RESIZED_ELEMENT.call(handle, i, bytes.length, place));
        MemorySegment.copy(bytes, 0, CInterface.at(place, bytes.length), JAVA_BYTE, 0, bytes.length);
      }
    }
  }

  private static byte[][] split(MemorySegment bytes, MemorySegment starts, int count) {
    var values = new byte[count][];
    for (int i = 0; i < count; i++) {
      long start = starts.getAtIndex(JAVA_LONG, i);
      long end = i + 1 < count ? starts.getAtIndex(JAVA_LONG, i + 1L) : bytes.byteSize();
      values[i] = bytes.asSlice(start, end - start).toArray(JAVA_BYTE);
    }
    return values;
  }
}
