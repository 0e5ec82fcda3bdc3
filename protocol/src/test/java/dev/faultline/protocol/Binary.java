package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Payloads with binary tensors for tests.
final class Binary {
  private Binary() {}

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static byte[] texts(String... values) {
    var bytes = new ByteArrayOutputStream();
    for (String each : values) {
      byte[] utf8 = each.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
      bytes.writeBytes(utf8);
    }
    return bytes.toByteArray();
  }

  /// JSON with single quotes, and what follows it; the payload does not start at the array's start.
  static Payload payload(String json, byte[]... tensors) {
    byte[] head = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return announced(Integer.toString(head.length), head, tensors);
  }

  static Payload announced(String header, byte[] head, byte[]... tensors) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {'{', '{', '{'});
    bytes.writeBytes(head);
    Arrays.stream(tensors).forEach(bytes::writeBytes);
    return Payload.of(bytes.toByteArray(), 3, bytes.size() - 3, BinaryContentType.of(header));
  }

  static String input(String name, String datatype, String shape, int bytes) {
    return "{'name':'" + name + "','datatype':'" + datatype + "','shape':" + shape + ",'parameters':{'binary_data_size':" + bytes + "}}";
  }

  static String request(String... inputs) {
    return "{'inputs':[" + String.join(",", inputs) + "]}";
  }

  static InferenceRequest decode(Payload payload) {
    return new RequestFromBinary().decode(Wire.arrival(payload, Wire.MODEL, Deadline.NEVER), _ -> Optional.empty());
  }

  static InferenceRequest raw(byte[] bytes, TensorSpec... inputs) {
    var contract = new Contract(List.of(inputs), List.of(), List.of(), List.of(), List.of());
    return new RequestFromBinary().decode(Wire.arrival(announced("0", new byte[0], bytes), Wire.MODEL, Deadline.NEVER), _ -> Optional.of(contract));
  }

  static TensorSpec spec(DataType type, long... extents) {
    List<Dimension> dimensions = Arrays.stream(extents).<Dimension>mapToObj(each -> each < 0 ? new Dimension.Free() : new Dimension.Fixed(each)).toList();
    return TensorSpec.of("x", type, dimensions);
  }

  static Fault fault(Payload payload) {
    Throwable thrown = catchThrowable(() -> decode(payload));
    assertThat(thrown).isInstanceOf(FaultException.class);
    return ((FaultException) thrown).fault();
  }
}
