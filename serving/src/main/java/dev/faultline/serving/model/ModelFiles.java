package dev.faultline.serving.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the ONNX file is in a folder.
final class ModelFiles {
  static final String MODEL_FILE = "model.onnx";
  static final String SUFFIX = ".onnx";

  private static final int ENTRIES_MAX = 10_000;

  private ModelFiles() {}

  /// The file at this path. Where the path is a folder, as Triton allows for `model.onnx/`, the one in it.
  static Optional<Path> find(Path path) {
    if (Files.isRegularFile(path)) {
      return Optional.of(path);
    }
    return Files.isDirectory(path) ? findIn(path) : Optional.empty();
  }

  /// `model.onnx` in a folder, or the only ONNX file there.
  static Optional<Path> findIn(Path folder) {
    if (Files.isRegularFile(folder.resolve(MODEL_FILE))) {
      return Optional.of(folder.resolve(MODEL_FILE));
    }
    List<Path> models = models(folder);
    return models.size() == 1 ? Optional.of(models.getFirst()) : Optional.empty();
  }

  /// All ONNX files directly in a folder.
  static List<Path> models(Path folder) {
    return entries(folder).stream().filter(path -> path.toString().endsWith(SUFFIX) && Files.isRegularFile(path)).toList();
  }

  static List<Path> folders(Path folder) {
    return entries(folder).stream().filter(path -> Files.isDirectory(path) && !name(path).startsWith(".")).toList();
  }

  static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().limit(ENTRIES_MAX).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read folder '" + folder + "'", e);
    }
  }

  static String name(Path path) {
    return String.valueOf(path.toAbsolutePath().normalize().getFileName());
  }
}
