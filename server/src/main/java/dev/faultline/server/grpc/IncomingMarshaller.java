package dev.faultline.server.grpc;

import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.request.Payload;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Takes messages as bytes, so that DECODE is what it is over HTTP: a stage of the pipeline, whose failures are faults.
final class IncomingMarshaller implements Marshaller<Incoming> {
  private static final int START_BYTES = 1 << 16;

  private final int bytesMax;

  IncomingMarshaller(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  @Override
  public Incoming parse(InputStream stream) {
    try {
      return stream instanceof KnownLength ? known(stream, stream.available()) : unpacked(stream);
    } catch (StatusRuntimeException e) {
      // the transport's own limit, met while unpacking
      return new Incoming.TooLarge(-1);
    } catch (IOException e) {
      throw new UncheckedIOException("a message that has arrived can be read", e);
    }
  }

  @Override
  public InputStream stream(Incoming value) {
    return switch (value) {
      case Incoming.Whole(Payload payload) -> new ByteArrayInputStream(payload.array(), payload.offset(), payload.length());
      case Incoming.TooLarge _ -> throw new IllegalStateException("nothing was kept of it");
    };
  }

  private Incoming known(InputStream stream, int length) throws IOException {
    if (length > bytesMax) {
      return new Incoming.TooLarge(length);
    }
    byte[] bytes = new byte[length];
    return whole(bytes, stream.readNBytes(bytes, 0, length));
  }

  /// A compressed message, whose length is known at its end only.
  private Incoming unpacked(InputStream stream) throws IOException {
    byte[] bytes = new byte[Math.min(bytesMax, START_BYTES)];
    int count = stream.readNBytes(bytes, 0, bytes.length);
    while (count == bytes.length) {
      int next = stream.read();
      if (next < 0) {
        break;
      }
      if (count == bytesMax) {
        return new Incoming.TooLarge(-1);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(bytesMax, 2L * count));
      bytes[count++] = (byte) next;
      count += stream.readNBytes(bytes, count, bytes.length - count);
    }
    return whole(bytes, count);
  }

  private static Incoming whole(byte[] bytes, int count) {
    return new Incoming.Whole(Payload.of(bytes, 0, count, RequestFromGrpc.CONTENT_TYPE));
  }
}
