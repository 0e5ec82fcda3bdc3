package dev.faultline.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A graph loaded into ONNX Runtime for a test.
final class Session implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private Session(byte[] model, OrtSession.SessionOptions.OptLevel level) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(level);
      options.setIntraOpNumThreads(1);
      this.session = environment.createSession(model, options);
    }
  }

  static Session of(Graph graph) throws OrtException {
    return new Session(GraphWriter.bytes(graph), OrtSession.SessionOptions.OptLevel.ALL_OPT);
  }

  static Session unoptimised(Graph graph) throws OrtException {
    return new Session(GraphWriter.bytes(graph), OrtSession.SessionOptions.OptLevel.NO_OPT);
  }

  /// Runs on inputs given as (arrays of) Java primitives; the outputs come as such too.
  SequencedMap<String, Object> run(Map<String, Object> inputs) throws OrtException {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Object> input : inputs.entrySet()) {
        tensors.put(input.getKey(), OnnxTensor.createTensor(environment, input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        SequencedMap<String, Object> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), output.getValue().getValue());
        }
        return outputs;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
