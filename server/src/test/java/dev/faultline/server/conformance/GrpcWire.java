package dev.faultline.server.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import dev.faultline.protocol.inference.GRPCInferenceServiceGrpc;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.protocol.inference.ModelInferResponse;
import dev.faultline.protocol.inference.ModelInferResponse.InferOutputTensor;
import dev.faultline.tensor.DataType;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// The gRPC port with raw contents, by stubs of the public `.proto` file.
final class GrpcWire implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 128 << 20;

  private final ManagedChannel channel;
  private final GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub calls;

  GrpcWire(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().maxInboundMessageSize(ANSWER_BYTES_MAX).build();
    calls = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  Reply send(OnnxCase each) throws InvalidProtocolBufferException {
    try {
      return answered(call(each));
    } catch (StatusRuntimeException e) {
      return new Reply.Refused(info(e).getMetadataOrThrow("code"));
    }
  }

  ModelInferResponse call(OnnxCase each) {
    var request = ModelInferRequest.newBuilder().setModelName(each.name());
    for (WireTensor input : each.inputs()) {
      request.addInputs(InferInputTensor.newBuilder().setName(input.name()).setDatatype(input.type().name()).addAllShape(input.shape()));
      request.addRawInputContents(input.bytes());
    }
    return call(request.build());
  }

  ModelInferResponse call(ModelInferRequest request) {
    return calls.withDeadlineAfter(1, TimeUnit.MINUTES).modelInfer(request);
  }

  private static Reply answered(ModelInferResponse answer) {
    var outputs = new ArrayList<WireTensor>();
    for (int i = 0; i < answer.getOutputsCount(); i++) {
      InferOutputTensor output = answer.getOutputs(i);
      DataType type = DataType.valueOf(output.getDatatype());
      ByteString bytes = answer.getRawOutputContentsCount() > 0 ? answer.getRawOutputContents(i) : typed(type, output.getContents());
      outputs.add(new WireTensor(output.getName(), type, output.getShapeList(), bytes));
    }
    return new Reply.Answered(outputs);
  }

  /// A model without inputs cannot be asked in raw form, and is answered typed.
  private static ByteString typed(DataType type, InferTensorContents contents) {
    return switch (type) {
      case FP32 -> {
        ByteBuffer bytes = ByteBuffer.allocate(contents.getFp32ContentsCount() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        contents.getFp32ContentsList().forEach(bytes::putFloat);
        yield ByteString.copyFrom(bytes.flip());
      }
      case INT64 -> {
        ByteBuffer bytes = ByteBuffer.allocate(contents.getInt64ContentsCount() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        contents.getInt64ContentsList().forEach(bytes::putLong);
        yield ByteString.copyFrom(bytes.flip());
      }
      case BYTES -> WireTensor.ofTexts(contents.getBytesContentsList());
      case FP64, FP16, BF16, BOOL, INT8, INT16, INT32, UINT8, UINT16, UINT32, UINT64 -> throw new AssertionError("no case without inputs gives " + type);
    };
  }

  static ErrorInfo info(StatusRuntimeException e) throws InvalidProtocolBufferException {
    return detail(e, ErrorInfo.class);
  }

  static <T extends Message> T detail(StatusRuntimeException e, Class<T> type) throws InvalidProtocolBufferException {
    for (Any detail : Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList()) {
      if (detail.is(type)) {
        return detail.unpack(type);
      }
    }
    throw new AssertionError("a refusal without " + type.getSimpleName(), e);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
