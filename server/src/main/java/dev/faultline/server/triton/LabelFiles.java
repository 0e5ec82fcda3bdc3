package dev.faultline.server.triton;

import dev.faultline.protocol.Labels;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.TritonConfig;
import dev.faultline.serving.model.TritonConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Class names from the file that `config.pbtxt` names as an output's `label_filename`: one name a line, in the order of the classes.
///
/// Read when they are first asked for and kept by the artifact's digest. A file that is missing or no text gives no names: the classes then
/// come without, as from Triton.
public final class LabelFiles implements Labels {
  private static final int VERSIONS_MAX = 1_000;
  private static final int NAMES_MAX = 1_000_000;

  private record Key(ResolvedVersion version, String output) {}

  private final Map<Key, List<String>> known = new ConcurrentHashMap<>();
  private final ModelRepository models;

  public LabelFiles(ModelRepository models) {
    this.models = models;
  }

  @Override
  public List<String> of(ResolvedVersion version, String output) {
    var key = new Key(version, output);
    List<String> there = known.get(key);
    if (there != null) {
      return there;
    }
    List<String> read = file(version, output).map(LabelFiles::read).orElse(List.of());
    if (known.size() < VERSIONS_MAX) {
      known.put(key, read);
    }
    return read;
  }

  private Optional<Path> file(ResolvedVersion version, String output) {
    return models.find(version.model(), version.version())
        .flatMap(state -> state instanceof ModelState.Ready(ModelVersion found, long _) ? Optional.ofNullable(found.artifact().file().getParent()) : Optional.empty())
        .flatMap(versionFolder -> Optional.ofNullable(versionFolder.toAbsolutePath().normalize().getParent()))
        .flatMap(modelFolder -> file(modelFolder, output));
  }

  private static Optional<Path> file(Path modelFolder, String output) {
    try {
      return TritonConfigReader.find(modelFolder).flatMap(config -> config.outputs().stream()
          .filter(port -> port.name().equals(output) && !port.labelFilename().isEmpty())
          .map(TritonConfig.Port::labelFilename)
          .findFirst()
          .map(name -> modelFolder.resolve(name).normalize())
          .filter(path -> path.startsWith(modelFolder)));
    } catch (LoadException e) {
      // the version was loaded with a file that has been damaged since
      return Optional.empty();
    }
  }

  private static List<String> read(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.limit(NAMES_MAX).toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of();
    }
  }
}
