package dev.faultline.isolation.localize;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphWriter;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder with models in it and a laboratory beside it, with the real engine.
final class Bed {

  static final Backend ENGINE = new OnnxBackend();

  private final Path folder;

  Bed(Path folder) {
    this.folder = folder;
  }

  Artifact artifact(GraphBuilder model) {
    return artifact("1", model.build());
  }

  Artifact artifact(String version, Graph model) {
    Path file = folder.resolve("m-" + version + ".onnx");
    try {
      GraphWriter.write(model, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Artifact("m", version, file, "sha256:" + version);
  }

  Laboratory laboratory() {
    return laboratory(ENGINE);
  }

  Laboratory laboratory(Backend backend) {
    return new Laboratory(backend, scratch(), System::nanoTime);
  }

  Path scratch() {
    return folder.resolve("scratch");
  }

  boolean isScratchEmpty() throws IOException {
    try (var files = Files.list(scratch())) {
      return files.findAny().isEmpty();
    }
  }

  static Budget budget() {
    return new Budget(200, 600_000, System::nanoTime);
  }
}
