package dev.faultline.serving.model;

import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.JsonFile;
import dev.faultline.serving.declaration.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A folder with MLServer's `model-settings.json`, which says name, version and where the artifact is.
final class MlserverFolder {
  static final String FILE = "model-settings.json";

  /// What stays one segment of a path in a URL.
  private static final Pattern NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

  private MlserverFolder() {}

  static Optional<List<Found>> read(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE)) ? Optional.of(List.of(found(folder))) : Optional.empty();
  }

  /// The versions of a folder that holds nothing but folders with settings.
  static Optional<List<Found>> readVersions(Path folder) {
    List<Found> found = ModelFiles.folders(folder).stream().flatMap(each -> read(each).stream().flatMap(List::stream)).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private static Found found(Path folder) {
    var problems = new Problems();
    Declared root = new Document(JsonFile.find(folder.resolve(FILE), FILE, problems).stream().toList(), problems).root();
    String name = named(root.at("name"), ModelFiles.name(folder));
    String version = version(root);
    Declared uri = root.at("parameters").at("uri");
    String place = uri.text("");
    if (!problems.isEmpty()) {
      return Refusals.of(name, version, Layout.MLSERVER, folder, "load.contract", String.join("; ", problems.lines()));
    }
    return artifact(folder, name, version, place);
  }

  private static Found artifact(Path folder, String name, String version, String uri) {
    if (uri.isEmpty() || uri.equals(".") || uri.equals("./")) {
      return ModelFiles.findIn(folder)
          .<Found>map(file -> new Found.Candidate(name, version, Layout.MLSERVER, folder, folder, file))
          .orElseGet(() -> new Found.Skipped(folder, "model-settings.json without parameters.uri, and no " + ModelFiles.MODEL_FILE + " beside it"));
    }
    Optional<Path> place = InnerPath.find(folder, relative(folder, uri));
    if (place.isEmpty()) {
      String kind = uri.contains("://") && !uri.startsWith("file:") ? "; what is stored elsewhere must be fetched before" : "";
      return Refusals.of(name, version, Layout.MLSERVER, folder, "load.path_outside", "model-settings.json: parameters.uri is '" + uri + "' (expected: a path inside the folder of model-settings.json" + kind + ")");
    }
    return ModelFiles.find(place.get())
        .<Found>map(file -> new Found.Candidate(name, version, Layout.MLSERVER, folder, folder, file))
        .orElseGet(() -> missing(folder, name, version, uri, place.get()));
  }

  private static Found missing(Path folder, String name, String version, String uri, Path place) {
    return Files.exists(place)
        ? new Found.Skipped(folder, "model-settings.json: parameters.uri is '" + uri + "', which holds no ONNX file")
        : Refusals.of(name, version, Layout.MLSERVER, folder, "load.file_missing", "model-settings.json: parameters.uri is '" + uri + "', which is not in " + folder + " (expected: the model's file)");
  }

  /// An absolute path or `file:` address means the same place when it lies in the folder.
  private static String relative(Path folder, String uri) {
    if (uri.contains("://") && !uri.startsWith("file://")) {
      return "";
    }
    String path = uri.replaceFirst("^file:(//)?", "");
    String home = folder.toAbsolutePath().normalize() + "/";
    return path.startsWith(home) ? path.substring(home.length()) : path;
  }

  private static String named(Declared name, String absent) {
    String said = name.text(absent);
    if (!NAME.matcher(said).matches()) {
      name.expected("a name without slashes, at most 255 characters");
      return absent;
    }
    return said;
  }

  /// `parameters.version`, else the only one of `versions`, else 1.
  private static String version(Declared root) {
    Declared said = root.at("parameters").at("version");
    List<Declared> versions = root.at("versions").elements();
    if (said.isPresent()) {
      return named(said, "1");
    }
    return versions.size() == 1 ? named(versions.getFirst(), "1") : "1";
  }
}
