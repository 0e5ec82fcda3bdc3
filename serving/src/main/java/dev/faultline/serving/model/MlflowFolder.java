package dev.faultline.serving.model;

import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.Problems;
import dev.faultline.serving.declaration.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A folder that MLflow saved a model in: `MLmodel` names the file of its ONNX flavour.
final class MlflowFolder {
  static final String FILE = "MLmodel";

  private MlflowFolder() {}

  static Optional<List<Found>> read(Path folder) {
    return read(ModelFiles.name(folder), "1", folder, folder);
  }

  /// @param modelFolder holds what is declared for all versions; `folder` has the `MLmodel`
  static Optional<List<Found>> read(String model, String version, Path modelFolder, Path folder) {
    return Files.isRegularFile(folder.resolve(FILE)) ? Optional.of(List.of(found(model, version, modelFolder, folder))) : Optional.empty();
  }

  private static Found found(String model, String version, Path modelFolder, Path folder) {
    var problems = new Problems();
    Declared flavors = new Document(YamlFile.find(folder.resolve(FILE), FILE, problems).stream().toList(), problems).root().at("flavors");
    Declared onnx = flavors.at("onnx");
    String data = onnx.at("data").text(ModelFiles.MODEL_FILE);
    if (!problems.isEmpty()) {
      return Refusals.of(model, version, Layout.MLFLOW, folder, "load.contract", String.join("; ", problems.lines()));
    }
    if (!onnx.isPresent()) {
      return new Found.Skipped(folder, "an MLflow model of flavours " + Declared.listed(flavors.members().keySet()) + " (expected: onnx among them; save it with mlflow.onnx)");
    }
    Optional<Path> place = InnerPath.find(folder, data);
    if (place.isEmpty()) {
      return Refusals.of(model, version, Layout.MLFLOW, folder, "load.path_outside", "MLmodel: flavors.onnx.data is '" + data + "' (expected: a name inside the model's folder)");
    }
    return ModelFiles.find(place.get())
        .<Found>map(file -> new Found.Candidate(model, version, Layout.MLFLOW, modelFolder, folder, file))
        .orElseGet(() -> Refusals.of(model, version, Layout.MLFLOW, folder, "load.file_missing", "MLmodel: flavors.onnx.data is '" + data + "', which is not in " + folder + " (expected: the model's file)"));
  }
}
