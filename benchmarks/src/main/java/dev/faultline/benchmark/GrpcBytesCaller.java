package dev.faultline.benchmark;

import io.grpc.CallOptions;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// gRPC with messages made before, whose answers are thrown away unread.
final class GrpcBytesCaller implements WireCaller {
  private static final int ANSWER_BYTES_MAX = 256 << 20;
  private static final MethodDescriptor<byte[], Integer> INFER = MethodDescriptor.newBuilder(new Sent(), new Discarded())
      .setType(MethodDescriptor.MethodType.UNARY)
      .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
      .build();

  private final ManagedChannel channel;

  GrpcBytesCaller(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().maxInboundMessageSize(ANSWER_BYTES_MAX).flowControlWindow(1 << 20).build();
  }

  @Override
  public void call(byte[] request) throws IOException {
    try {
      ClientCalls.blockingUnaryCall(channel, INFER, CallOptions.DEFAULT, request);
    } catch (StatusRuntimeException e) {
      throw new IOException("not served", e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static final class Sent implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new Message(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("requests are sent only");
    }
  }

  private static final class Discarded implements MethodDescriptor.Marshaller<Integer> {
    @Override
    public InputStream stream(Integer value) {
      throw new UnsupportedOperationException("answers are read only");
    }

    @Override
    public Integer parse(InputStream stream) {
      try {
        int length = stream.available();
        stream.skipNBytes(length);
        return length;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Known by its length, and written in one go.
  private static final class Message extends ByteArrayInputStream implements KnownLength, Drainable {
    Message(byte[] bytes) {
      super(bytes);
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
