package dev.faultline.serving.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A folder as on the Hugging Face hub: `onnx/model.onnx`, and the model's `config.json` beside the folder `onnx`.
final class HuggingFaceFolder {
  static final String CONFIG = "config.json";

  private HuggingFaceFolder() {}

  static boolean hasConfig(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  static Optional<List<Found>> read(Path folder) {
    Path inner = folder.resolve("onnx");
    boolean alone = Files.isDirectory(inner) && ModelFiles.folders(folder).size() == 1 && ModelFiles.models(folder).isEmpty();
    if (!Files.isDirectory(inner) || !(alone || hasConfig(folder)) || ModelFiles.models(inner).isEmpty()) {
      return Optional.empty();
    }
    var found = new ArrayList<Found>();
    Optional<Path> file = ModelFiles.findIn(inner);
    file.ifPresent(path -> found.add(new Found.Candidate(ModelFiles.name(folder), "1", Layout.HUGGING_FACE, folder, inner, path)));
    for (Path other : ModelFiles.models(inner)) {
      if (!file.filter(other::equals).isPresent()) {
        found.add(new Found.Skipped(other, file.isPresent() ? "another form of " + file.get().getFileName() + "; name the file itself to serve it" : "several .onnx files and none is called " + ModelFiles.MODEL_FILE));
      }
    }
    return Optional.of(found);
  }
}
