package dev.faultline.serving.model;

/// How a model lies on disk, as the scan recognised it.
public enum Layout {
  TRITON("Triton"),
  MLFLOW("MLflow"),
  MLSERVER("MLServer"),
  HUGGING_FACE("Hugging Face"),
  FOLDER("folder"),
  FILE("file");

  private final String title;

  Layout(String title) {
    this.title = title;
  }

  /// As people write it.
  public String title() {
    return title;
  }
}
