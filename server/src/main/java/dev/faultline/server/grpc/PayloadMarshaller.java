package dev.faultline.server.grpc;

import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.request.Payload;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Sends what ENCODE has written as it is.
final class PayloadMarshaller implements Marshaller<Payload> {

  @Override
  public InputStream stream(Payload payload) {
    return new PayloadStream(payload);
  }

  @Override
  public Payload parse(InputStream stream) {
    try {
      return Payload.of(stream.readAllBytes(), RequestFromGrpc.CONTENT_TYPE);
    } catch (IOException e) {
      throw new UncheckedIOException("a message that has arrived can be read", e);
    }
  }

  /// Known to the transport by its length, and written to it in one go.
  private static final class PayloadStream extends ByteArrayInputStream implements KnownLength, Drainable {
    PayloadStream(Payload payload) {
      super(payload.array(), payload.offset(), payload.length());
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = count - pos;
      target.write(buf, pos, length);
      pos = count;
      return length;
    }
  }
}
