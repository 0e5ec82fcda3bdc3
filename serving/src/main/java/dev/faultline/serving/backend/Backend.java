package dev.faultline.serving.backend;

/// Turns artifacts into models that run. Whoever implements it nests `BackendContract` of the testkit.
public interface Backend {

  /// Name and version of the engine, such as `onnxruntime/1.29.0`.
  String engine();

  /// @throws LoadException when the artifact cannot be loaded, saying why; nothing of it stays in memory then
  LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException;
}
