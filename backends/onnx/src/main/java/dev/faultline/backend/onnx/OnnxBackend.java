package dev.faultline.backend.onnx;

import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.OperatorCensus;
import dev.faultline.serving.backend.OperatorUse;
import java.util.List;

/// Runs ONNX models with ONNX Runtime in this process.
///
/// Making one loads the engine's library, with telemetry off ([TelemetryGuard]). Some inputs make the engine kill the process; those
/// that can be told beforehand are refused ([Hazards]), the rest needs a process of its own.
public final class OnnxBackend implements Backend, OperatorCensus {

  public OnnxBackend() {
    Engine.start();
  }

  @Override
  public String engine() {
    return Engine.NAME;
  }

  @Override
  public OnnxModel load(Artifact artifact, LoadOptions options) throws LoadException {
    return new ModelLoading(artifact, options).load();
  }

  @Override
  public List<OperatorUse> uses(Artifact artifact) {
    return GraphCensus.of(artifact.file());
  }
}
