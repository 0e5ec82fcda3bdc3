package dev.faultline.protocol;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.Payload;
import java.nio.ByteBuffer;

/// The bytes behind the JSON of a request, taken tensor by tensor in the order of its inputs. Nothing is copied.
final class BinaryTensors {
  private final ByteBuffer rest;

  private BinaryTensors(ByteBuffer rest) {
    this.rest = rest;
  }

  static BinaryTensors none() {
    return new BinaryTensors(ByteBuffer.allocate(0));
  }

  static BinaryTensors behind(Payload payload, int jsonLength) {
    return new BinaryTensors(ByteBuffer.wrap(payload.array(), payload.offset() + jsonLength, payload.length() - jsonLength));
  }

  /// @throws FaultException `decode.binary_length` when fewer bytes are left
  ByteBuffer take(long byteCount, Field input) {
    if (byteCount > rest.remaining()) {
      throw new FaultException(new DecodeFault.BinaryLength(input, rest.remaining(), byteCount));
    }
    ByteBuffer taken = rest.slice(rest.position(), (int) byteCount);
    rest.position(rest.position() + (int) byteCount);
    return taken;
  }

  /// @throws FaultException `decode.binary_length` when bytes are left that no input announced
  void requireEnd() {
    if (rest.hasRemaining()) {
      throw new FaultException(new DecodeFault.BinaryLength(Field.member("the payload behind its last tensor", ""), rest.remaining(), 0));
    }
  }
}
