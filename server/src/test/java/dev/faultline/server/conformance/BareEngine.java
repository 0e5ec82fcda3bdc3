package dev.faultline.server.conformance;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// ONNX Runtime as a program without this server would use it.
final class BareEngine {
  /// How often an unexpected answer is asked for again, to tell chance from difference.
  private static final int TRIES = 32;

  private static final String PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

  /// How a case went.
  sealed interface Run {
    /// @param isRandom whether the same question was answered otherwise another time
    record Answered(List<WireTensor> outputs, boolean isRandom) implements Run {
      public Answered {
        outputs = List.copyOf(outputs);
      }
    }

    record Failed(String reason) implements Run {}

    /// The Java binding cannot make the inputs.
    record Inexpressible() implements Run {}
  }

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  Run run(OnnxCase each) {
    if (each.inputs().stream().anyMatch(input -> binding(input.type()).isEmpty())) {
      return new Run.Inexpressible();
    }
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(each.model().toString(), options)) {
        return run(session, each);
      }
    } catch (OrtException e) {
      return new Run.Failed(String.valueOf(e.getMessage()));
    }
  }

  private Run run(OrtSession session, OnnxCase each) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (WireTensor input : each.inputs()) {
        inputs.put(input.name(), tensor(input));
      }
      List<WireTensor> outputs = outputs(session, inputs);
      boolean mayBeRandom = Closeness.difference(outputs, each.outputs()).isPresent();
      boolean isRandom = false;
      for (int i = 0; i < TRIES && mayBeRandom && !isRandom; i++) {
        isRandom = Closeness.difference(outputs(session, inputs), outputs).isPresent();
      }
      return new Run.Answered(outputs, isRandom);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static List<WireTensor> outputs(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
    try (OrtSession.Result result = session.run(inputs)) {
      var outputs = new ArrayList<WireTensor>();
      for (Map.Entry<String, OnnxValue> output : result) {
        outputs.add(tensor(output.getKey(), (OnnxTensor) output.getValue()));
      }
      return outputs;
    }
  }

  private OnnxTensor tensor(WireTensor input) throws OrtException {
    long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
    if (input.type() == DataType.BYTES) {
      return OnnxTensor.createTensor(environment, input.texts().stream().map(ByteString::toStringUtf8).toArray(String[]::new), shape);
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(input.bytes().size()).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(environment, direct.put(input.bytes().asReadOnlyByteBuffer()).flip(), shape, binding(input.type()).orElseThrow());
  }

  private static WireTensor tensor(String name, OnnxTensor output) throws OrtException {
    List<Long> shape = new ArrayList<>();
    for (long extent : output.getInfo().getShape()) {
      shape.add(extent);
    }
    String spoken = output.getInfo().onnxType.name().substring(PREFIX.length());
    DataType type = WireTensorFromProto.type(TensorProto.DataType.valueOf(spoken).getNumber()).orElseThrow();
    if (type != DataType.BYTES) {
      return new WireTensor(name, type, shape, ByteString.copyFrom(output.getByteBuffer()));
    }
    var texts = new ArrayList<ByteString>();
    flatten(output.getValue(), texts);
    return new WireTensor(name, type, shape, WireTensor.ofTexts(texts));
  }

  private static void flatten(Object value, List<ByteString> texts) {
    if (value instanceof Object[] values) {
      for (Object each : values) {
        flatten(each, texts);
      }
    } else {
      texts.add(ByteString.copyFromUtf8(value.toString()));
    }
  }

  private static Optional<OnnxJavaType> binding(DataType type) {
    return switch (type) {
      case BOOL -> Optional.of(OnnxJavaType.BOOL);
      case UINT8 -> Optional.of(OnnxJavaType.UINT8);
      case INT8 -> Optional.of(OnnxJavaType.INT8);
      case INT16 -> Optional.of(OnnxJavaType.INT16);
      case INT32 -> Optional.of(OnnxJavaType.INT32);
      case INT64 -> Optional.of(OnnxJavaType.INT64);
      case FP16 -> Optional.of(OnnxJavaType.FLOAT16);
      case BF16 -> Optional.of(OnnxJavaType.BFLOAT16);
      case FP32 -> Optional.of(OnnxJavaType.FLOAT);
      case FP64 -> Optional.of(OnnxJavaType.DOUBLE);
      case BYTES -> Optional.of(OnnxJavaType.STRING);
      case UINT16, UINT32, UINT64 -> Optional.empty();
    };
  }
}
