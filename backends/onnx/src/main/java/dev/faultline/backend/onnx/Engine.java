package dev.faultline.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;

/// The engine's environment, one for the life of the process.
///
/// It is made on first use and never closed: the Java binding does that in a shutdown hook of its own, so whoever stops the process
/// must have drained all runs before. The engine's own log is off, because every error reaches us as an exception with the same words.
final class Engine {

  static final OrtEnvironment ENVIRONMENT = start();

  /// As in evidence and metadata: `onnxruntime/1.29.0`.
  static final String NAME = "onnxruntime/" + ENVIRONMENT.getVersion();

  private Engine() {}

  /// Loads the engine's library unless that has happened.
  static OrtEnvironment start() {
    TelemetryGuard.engage();
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "faultline");
  }
}
