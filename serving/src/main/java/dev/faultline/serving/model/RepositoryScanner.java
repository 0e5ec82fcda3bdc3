package dev.faultline.serving.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds model versions at a place: a repository of model folders, the folder of one model, a folder of `.onnx` files, or one file. A model
/// folder may be laid out as Triton, MLServer, MLflow or the Hugging Face hub do. Says of everything else why it was skipped.
///
/// `docs/how-to/model-repository.md` shows every layout.
public final class RepositoryScanner {

  private final String name;

  public RepositoryScanner() {
    this("");
  }

  /// @param name of the model of a place that holds one model only; empty: as the place says
  public RepositoryScanner(String name) {
    this.name = name;
  }

  /// @throws IllegalArgumentException when the place does not exist or cannot be read
  public List<Found> scan(Path place) {
    List<Found> found = found(place);
    long models = found.stream().filter(Found.OfModel.class::isInstance).map(each -> ((Found.OfModel) each).model()).distinct().count();
    return name.isEmpty() || models != 1 ? found : found.stream().map(this::named).toList();
  }

  private Found named(Found found) {
    return switch (found) {
      case Found.Candidate each -> new Found.Candidate(name, each.version(), each.layout(), each.modelFolder(), each.versionFolder(), each.path());
      case Found.Refused each -> new Found.Refused(name, each.version(), each.layout(), each.path(), each.code(), each.reason());
      case Found.Skipped each -> each;
    };
  }

  private static List<Found> found(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(place.toString().endsWith(ModelFiles.SUFFIX) ? single(place) : new Found.Skipped(place, "not an .onnx file"));
    }
    if (!Files.isDirectory(place)) {
      throw new IllegalArgumentException("model repository '" + place + "' does not exist (expected: a folder or an .onnx file)");
    }
    return model(place).orElseGet(() -> repository(place));
  }

  private static List<Found> repository(Path place) {
    var found = new ArrayList<Found>();
    for (Path entry : ModelFiles.entries(place)) {
      if (!ModelFiles.name(entry).startsWith(".")) {
        found.addAll(entry(entry));
      }
    }
    return found;
  }

  private static List<Found> entry(Path entry) {
    if (Files.isDirectory(entry)) {
      return model(entry)
          .or(() -> MlserverFolder.readVersions(entry))
          .orElseGet(() -> List.of(new Found.Skipped(entry, "no numeric version folder and no .onnx file")));
    }
    boolean isModel = ModelFiles.name(entry).endsWith(ModelFiles.SUFFIX);
    return List.of(isModel ? single(entry) : new Found.Skipped(entry, "not a model folder and not an .onnx file"));
  }

  /// The first layout that fits; the more a layout says of itself, the earlier it is asked.
  private static Optional<List<Found>> model(Path folder) {
    return MlserverFolder.read(folder)
        .or(() -> MlflowFolder.read(folder))
        .or(() -> plain(folder))
        .or(() -> TritonFolder.read(folder))
        .or(() -> HuggingFaceFolder.read(folder));
  }

  private static Optional<List<Found>> plain(Path folder) {
    Layout layout = HuggingFaceFolder.hasConfig(folder) ? Layout.HUGGING_FACE : Layout.FOLDER;
    return ModelFiles.find(folder.resolve(ModelFiles.MODEL_FILE))
        .map(file -> List.of(new Found.Candidate(ModelFiles.name(folder), "1", layout, folder, folder, file)));
  }

  /// What is declared for a file stands beside it when it is the only model there, otherwise in a folder of its name.
  private static Found single(Path file) {
    Path place = file.toAbsolutePath().normalize();
    String stem = ModelFiles.name(file).substring(0, ModelFiles.name(file).length() - ModelFiles.SUFFIX.length());
    Path own = place.resolveSibling(stem);
    Path beside = own.resolveSibling(".").normalize();
    Path folder = ModelFiles.models(beside).size() == 1 ? beside : own;
    return new Found.Candidate(stem, "1", Layout.FILE, folder, folder, file);
  }
}
