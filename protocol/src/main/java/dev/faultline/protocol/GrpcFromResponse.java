package dev.faultline.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.faultline.protocol.inference.ModelInferResponse;
import dev.faultline.protocol.inference.ModelInferResponse.InferOutputTensor;
import dev.faultline.protocol.inference.ModelStreamInferResponse;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Payload;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Answers in gRPC: the bytes of a `ModelInferResponse`.
///
/// Outputs are raw, as Triton sends them, unless the request came with typed contents: then they are typed, as KServe's and MLServer's
/// servers answer such requests. Half floats have no typed form, so an answer that holds one is raw.
public final class GrpcFromResponse {
  private final Labels labels;

  /// @param labels what the classes of an output are called
  public GrpcFromResponse(Labels labels) {
    this.labels = labels;
  }

  /// @throws dev.faultline.fault.FaultException carrying an `EncodeFault` that names the output
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    InferenceResponse classified = Classification.apply(response, request, labels);
    List<Tensor> outputs = RequestedOutputs.of(classified, request);
    RawElements.requireSendable(outputs, 0);
    boolean typed = isTyped(request) && outputs.stream().allMatch(output -> output.type().hasJsonForm());
    var message = ModelInferResponse.newBuilder()
        .setModelName(response.version().model())
        .setModelVersion(response.version().version())
        .setId(response.id());
    response.parameters().forEach((name, value) -> message.putParameters(name, GrpcParameters.write(value)));
    outputs.forEach(output -> add(message, output, typed));
    return Payload.of(message.build().toByteArray(), RequestFromGrpc.CONTENT_TYPE);
  }

  /// An encoded answer as one message of a stream.
  public static ModelStreamInferResponse inStream(Payload answer) {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(answer.array(), answer.offset(), answer.length()).newCodedInput();
    in.enableAliasing(true);
    try {
      return ModelStreamInferResponse.newBuilder().setInferResponse(ModelInferResponse.parseFrom(in)).build();
    } catch (IOException e) {
      throw new UncheckedIOException("what was encoded here can be read here", e);
    }
  }

  private static boolean isTyped(InferenceRequest request) {
    return request.inputs().stream().anyMatch(input -> input.layout() == Layout.CONTENTS);
  }

  private static void add(ModelInferResponse.Builder message, Tensor output, boolean typed) {
    var meta = InferOutputTensor.newBuilder().setName(output.name()).setDatatype(output.type().name());
    for (int axis = 0; axis < output.shape().rank(); axis++) {
      meta.addShape(output.shape().extent(axis));
    }
    if (typed) {
      meta.setContents(TypedElements.write(output));
    } else {
      message.addRawOutputContents(raw(output));
    }
    message.addOutputs(meta);
  }

  private static ByteString raw(Tensor output) {
    if (output.elements() instanceof Elements.Fixed fixed) {
      return UnsafeByteOperations.unsafeWrap(fixed.bytes());
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) RawElements.byteCount(output));
    RawElements.write(output, bytes);
    return UnsafeByteOperations.unsafeWrap(bytes.array());
  }
}
