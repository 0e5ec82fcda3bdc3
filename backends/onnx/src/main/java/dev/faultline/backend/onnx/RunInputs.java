package dev.faultline.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.faultline.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/// The engine's tensors of one run and the memory behind them; both end together, tensors first.
final class RunInputs implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

  /// @param name the engine's name of the input
  void add(String name, Tensor tensor) throws OrtException {
    tensors.put(name, OrtFromTensor.convert(tensor, arena));
  }

  Map<String, OnnxTensor> byName() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
    arena.close();
  }
}
