package dev.faultline.serving.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds model versions in a folder laid out like Triton's (`<repo>/<model>/<version>/model.onnx`), in the folder of one model, in a
/// folder of `.onnx` files, or in one file. Says of everything else why it was skipped.
public final class RepositoryScanner {
  private static final String MODEL_FILE = "model.onnx";
  private static final String SUFFIX = ".onnx";
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,18}");
  private static final int ENTRIES_MAX = 10_000;

  /// @throws IllegalArgumentException when the place does not exist or cannot be read
  public List<Found> scan(Path place) {
    if (Files.isRegularFile(place)) {
      return List.of(place.toString().endsWith(SUFFIX) ? single(place) : skipped(place, "not an .onnx file"));
    }
    if (!Files.isDirectory(place)) {
      throw new IllegalArgumentException("model repository '" + place + "' does not exist (expected: a folder or an .onnx file)");
    }
    if (isModel(place)) {
      return model(place);
    }
    var found = new ArrayList<Found>();
    for (Path entry : entries(place)) {
      found.addAll(entry(entry));
    }
    return found;
  }

  private List<Found> entry(Path entry) {
    String name = name(entry);
    if (name.startsWith(".")) {
      return List.of();
    }
    if (Files.isDirectory(entry)) {
      return isModel(entry) ? model(entry) : List.of(skipped(entry, "no numeric version folder and no .onnx file"));
    }
    return name.endsWith(SUFFIX) ? List.of(single(entry)) : List.of(skipped(entry, "not a model folder and not an .onnx file"));
  }

  private static boolean isModel(Path folder) {
    return Files.isRegularFile(folder.resolve(MODEL_FILE)) || entries(folder).stream().anyMatch(RepositoryScanner::isVersionFolder);
  }

  private static boolean isVersionFolder(Path path) {
    return Files.isDirectory(path) && VERSION.matcher(name(path)).matches();
  }

  private static List<Found> model(Path folder) {
    if (Files.isRegularFile(folder.resolve(MODEL_FILE))) {
      return List.of(new Found.Candidate(name(folder), "1", folder, folder, folder.resolve(MODEL_FILE)));
    }
    var found = new ArrayList<Found>();
    for (Path entry : entries(folder)) {
      if (isVersionFolder(entry)) {
        found.add(version(folder, entry));
      } else if (Files.isDirectory(entry) && !name(entry).startsWith(".")) {
        found.add(skipped(entry, "not a version folder (expected: a number without leading zero)"));
      }
    }
    return found;
  }

  private static Found version(Path modelFolder, Path folder) {
    Path file = folder.resolve(MODEL_FILE);
    if (Files.isRegularFile(file)) {
      return new Found.Candidate(name(modelFolder), name(folder), modelFolder, folder, file);
    }
    List<Path> models = entries(folder).stream().filter(path -> path.toString().endsWith(SUFFIX)).toList();
    if (models.size() == 1) {
      return new Found.Candidate(name(modelFolder), name(folder), modelFolder, folder, models.getFirst());
    }
    return skipped(folder, models.isEmpty() ? "no " + MODEL_FILE + " in it" : "several .onnx files and none is called " + MODEL_FILE);
  }

  /// What is declared for a file stands beside it when it is the only model there, otherwise in a folder of its name.
  private static Found single(Path file) {
    Path place = file.toAbsolutePath().normalize();
    String stem = name(file).substring(0, name(file).length() - SUFFIX.length());
    Path own = place.resolveSibling(stem);
    Path beside = own.resolveSibling(".").normalize();
    boolean alone = entries(beside).stream().filter(path -> path.toString().endsWith(SUFFIX)).count() == 1;
    Path folder = alone ? beside : own;
    return new Found.Candidate(stem, "1", folder, folder, file);
  }

  private static Found skipped(Path path, String reason) {
    return new Found.Skipped(path, reason);
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().limit(ENTRIES_MAX).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read folder '" + folder + "'", e);
    }
  }

  private static String name(Path path) {
    return path.toAbsolutePath().normalize().getFileName().toString();
  }
}
