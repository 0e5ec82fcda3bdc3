package dev.faultline.server;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.faultline.protocol.inference.GRPCInferenceServiceGrpc;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A client made from the public `.proto` file.
final class GrpcClient implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 128 << 20;

  final ManagedChannel channel;

  GrpcClient(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().maxInboundMessageSize(ANSWER_BYTES_MAX).build();
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub calls(String... metadata) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .withInterceptors(headers(metadata));
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceStub streams(String... metadata) {
    return GRPCInferenceServiceGrpc.newStub(channel).withInterceptors(headers(metadata));
  }

  static ModelInferRequest.Builder raw(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ModelInferRequest.newBuilder()
        .setModelName("m")
        .addInputs(InferInputTensor.newBuilder().setName("x").setDatatype("FP32").addShape(values.length))
        .addRawInputContents(ByteString.copyFrom(bytes.array()));
  }

  static ErrorInfo info(StatusRuntimeException e) throws InvalidProtocolBufferException {
    for (Any detail : Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        return detail.unpack(ErrorInfo.class);
      }
    }
    throw new AssertionError("no ErrorInfo in " + e);
  }

  private static io.grpc.ClientInterceptor headers(String... metadata) {
    var headers = new Metadata();
    for (int i = 0; i < metadata.length; i += 2) {
      headers.put(Metadata.Key.of(metadata[i], Metadata.ASCII_STRING_MARSHALLER), metadata[i + 1]);
    }
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
