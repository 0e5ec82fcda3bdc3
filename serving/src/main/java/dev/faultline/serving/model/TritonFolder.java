package dev.faultline.serving.model;

import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.model.TritonConfig.VersionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A model folder as Triton lays it out: `<model>/[config.pbtxt]/<version>/model.onnx`.
///
/// Honours `version_policy` and `default_model_filename`. Without a `version_policy` every version is served, where Triton serves the
/// highest only: a version that is not loaded cannot be compared with the next.
final class TritonFolder {
  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,18}");
  /// Folders that Triton keeps beside the versions.
  private static final Set<String> BESIDE = Set.of("configs", "warmup", "initial_state");

  private final Path folder;
  private final List<Path> versions;
  private final Optional<TritonConfig> config;
  private final Optional<LoadException> broken;

  private TritonFolder(Path folder, List<Path> versions, Optional<TritonConfig> config, Optional<LoadException> broken) {
    this.folder = folder;
    this.versions = versions;
    this.config = config;
    this.broken = broken;
  }

  static Optional<List<Found>> read(Path folder) {
    List<Path> versions = ModelFiles.folders(folder).stream().filter(TritonFolder::isVersion).toList();
    boolean configured = Files.isRegularFile(folder.resolve(TritonConfigReader.FILE));
    if (versions.isEmpty()) {
      return configured ? Optional.of(List.of(new Found.Skipped(folder, "config.pbtxt, but no version folder (expected: a number without leading zero)"))) : Optional.empty();
    }
    try {
      return Optional.of(new TritonFolder(folder, versions, TritonConfigReader.find(folder), Optional.empty()).all());
    } catch (LoadException e) {
      return Optional.of(new TritonFolder(folder, versions, Optional.empty(), Optional.of(e)).all());
    }
  }

  private static boolean isVersion(Path path) {
    return VERSION.matcher(ModelFiles.name(path)).matches();
  }

  private List<Found> all() {
    var found = new ArrayList<Found>();
    List<String> names = versions.stream().map(ModelFiles::name).sorted(VersionOrder.INSTANCE).toList();
    List<String> served = config.map(read -> served(read.versionPolicy(), names)).orElse(names);
    for (Path version : versions) {
      found.add(served.contains(ModelFiles.name(version)) ? version(version) : new Found.Skipped(version, "version_policy in config.pbtxt serves " + String.join(", ", served) + " only"));
    }
    served.stream().filter(name -> !names.contains(name)).forEach(name -> found.add(gone(name, names)));
    ModelFiles.folders(folder).stream()
        .filter(each -> !isVersion(each) && !BESIDE.contains(ModelFiles.name(each)))
        .forEach(each -> found.add(new Found.Skipped(each, "not a version folder (expected: a number without leading zero)")));
    return found;
  }

  private static List<String> served(VersionPolicy policy, List<String> names) {
    return switch (policy) {
      case VersionPolicy.Unstated _, VersionPolicy.All _ -> names;
      case VersionPolicy.Latest(int count) -> names.subList(Math.max(0, names.size() - count), names.size());
      case VersionPolicy.Specific(List<String> wanted) -> wanted;
    };
  }

  private Found version(Path version) {
    return MlserverFolder.read(version).or(() -> MlflowFolder.read(ModelFiles.name(folder), ModelFiles.name(version), folder, version)).map(List::getFirst).orElseGet(() -> artifact(version));
  }

  private Found artifact(Path version) {
    String named = config.map(TritonConfig::defaultModelFilename).orElse("");
    if (named.isEmpty()) {
      return ModelFiles.find(version.resolve(ModelFiles.MODEL_FILE))
          .or(() -> ModelFiles.findIn(version))
          .<Found>map(file -> candidate(version, file))
          .orElseGet(() -> without(version));
    }
    Optional<Path> place = InnerPath.find(version, named);
    if (place.isEmpty()) {
      return refused(version, "load.path_outside", "config.pbtxt: default_model_filename is '" + named + "' (expected: a name inside the version folder)");
    }
    return ModelFiles.find(place.get())
        .<Found>map(file -> candidate(version, file))
        .orElseGet(() -> refused(version, "load.file_missing", "config.pbtxt: default_model_filename is '" + named + "', which is not in " + version + " (expected: the model's file)"));
  }

  private Found without(Path version) {
    if (broken.isPresent()) {
      return refused(version, broken.get().code(), String.valueOf(broken.get().getMessage()));
    }
    String engine = config.map(read -> read.backend().isEmpty() ? read.platform() : read.backend()).orElse("");
    if (!engine.isEmpty() && !engine.startsWith("onnxruntime")) {
      return new Found.Skipped(version, "config.pbtxt names '" + engine + "' (expected: onnxruntime, the one engine here)");
    }
    boolean none = ModelFiles.models(version).isEmpty();
    return new Found.Skipped(version, none ? "no " + ModelFiles.MODEL_FILE + " in it" : "several .onnx files and none is called " + ModelFiles.MODEL_FILE);
  }

  private Found candidate(Path version, Path file) {
    return new Found.Candidate(ModelFiles.name(folder), ModelFiles.name(version), Layout.TRITON, folder, version, file);
  }

  private Found refused(Path version, String code, String reason) {
    return Refusals.of(ModelFiles.name(folder), ModelFiles.name(version), Layout.TRITON, version, code, reason);
  }

  private Found gone(String version, List<String> names) {
    Path place = folder.resolve(version);
    return Refusals.of(ModelFiles.name(folder), version, Layout.TRITON, place, "load.file_missing", "config.pbtxt: version_policy asks for it, but there is no folder '" + version + "' (expected: one of " + String.join(", ", names) + ")");
  }
}
