package dev.faultline.server.triton;

import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.Layout;
import dev.faultline.serving.model.TritonConfigFromJson;
import dev.faultline.server.triton.Refusal.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Model folders made of what comes with a load call: a configuration that counts instead of `config.pbtxt`, and files that count instead
/// of the repository's. They last until the model is loaded anew, and no longer than the server.
final class GivenFolders {
  static final String CONFIG = "config";
  static final String FILE = "file:";

  private static final String CONFIG_FILE = "config.pbtxt";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ -]{0,127}");

  private final Path home;
  private final AtomicLong count = new AtomicLong();
  private final Map<String, Path> inUse = new HashMap<>();

  /// @param scratch a folder whose part `given` is emptied now
  GivenFolders(Path scratch) {
    this.home = scratch.resolve("given");
    remove(home);
  }

  /// A repository that holds the model as the call gives it.
  ///
  /// @param known the model's versions in the server's own repositories
  /// @param parameters of the call: `config` as JSON, and files by `file:<path in the model's folder>`, in base64
  Path make(String model, List<Found.OfModel> known, Map<String, String> parameters) throws Refusal {
    String config = config(model, parameters);
    Map<String, byte[]> files = files(model, parameters);
    Path repository = home.resolve(String.valueOf(count.incrementAndGet()));
    try {
      Path folder = files.isEmpty() ? linked(repository, known, model) : Files.createDirectories(repository.resolve(model));
      Files.writeString(folder.resolve(CONFIG_FILE), config);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path place = InnerPath.find(folder, file.getKey()).orElseThrow(() -> outside(file.getKey()));
        Files.createDirectories(place.resolveSibling("."));
        Files.write(place, file.getValue());
      }
      return repository;
    } catch (IOException e) {
      remove(repository);
      throw new UncheckedIOException("cannot write what came with the load of '" + model + "'", e);
    } catch (Refusal e) {
      remove(repository);
      throw e;
    }
  }

  /// Removes what the model was given before, which nothing serves any more; `repository` is in use from now on.
  synchronized void use(String model, Path repository) {
    Path before = inUse.put(model, repository);
    if (before != null) {
      remove(before);
    }
  }

  /// The model is served from the server's own repositories again.
  synchronized void forget(String model) {
    Path before = inUse.remove(model);
    if (before != null) {
      remove(before);
    }
  }

  /// For a folder that came to nothing.
  static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove '" + folder + "'", e);
    }
  }

  private static String config(String model, Map<String, String> parameters) throws Refusal {
    for (String name : parameters.keySet()) {
      if (!name.equals(CONFIG) && !name.startsWith(FILE)) {
        throw new Refusal(Kind.UNIMPLEMENTED, "load parameter '" + name + "' is not supported (expected: '" + CONFIG + "', or '" + FILE + "' and a path in the model's folder)");
      }
    }
    if (!parameters.containsKey(CONFIG)) {
      throw new Refusal(Kind.INVALID_ARGUMENT, "files for model '" + model + "' came without '" + CONFIG + "' (expected: the model's configuration in JSON)");
    }
    try {
      return TritonConfigFromJson.text(parameters.getOrDefault(CONFIG, ""));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Kind.INVALID_ARGUMENT, "load parameter '" + CONFIG + "' of model '" + model + "': " + e.getMessage());
    }
  }

  private static Map<String, byte[]> files(String model, Map<String, String> parameters) throws Refusal {
    var files = new HashMap<String, byte[]>();
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      if (each.getKey().startsWith(FILE)) {
        files.put(each.getKey().substring(FILE.length()), decoded(each.getKey(), each.getValue()));
      }
    }
    if (!files.isEmpty() && !NAME.matcher(model).matches()) {
      throw new Refusal(Kind.INVALID_ARGUMENT, "model name '" + model + "' cannot be given files (expected: letters, digits, '.', '_', '-', at most 128)");
    }
    return files;
  }

  private static byte[] decoded(String name, String base64) throws Refusal {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Kind.INVALID_ARGUMENT, "load parameter '" + name + "' is no base64: " + e.getMessage());
    }
  }

  private static Refusal outside(String name) {
    return new Refusal(Kind.INVALID_ARGUMENT, "load parameter '" + FILE + name + "' leaves the model's folder (expected: a path such as '" + FILE + "1/model.onnx'; load.path_outside)");
  }

  /// Everything in the model's folder but its configuration, as links.
  private static Path linked(Path repository, List<Found.OfModel> known, String model) throws IOException, Refusal {
    List<Path> folders = new ArrayList<>();
    for (Found.OfModel found : known) {
      if (found instanceof Found.Candidate candidate && candidate.layout() == Layout.TRITON && !folders.contains(candidate.modelFolder())) {
        folders.add(candidate.modelFolder());
      }
    }
    if (folders.isEmpty()) {
      throw new Refusal(known.isEmpty() ? Kind.NOT_FOUND : Kind.UNIMPLEMENTED, "there is no model '" + model + "' in Triton's layout (MODEL/VERSION/model.onnx) whose configuration could be replaced");
    }
    Path folder = Files.createDirectories(repository.resolve(model));
    try (Stream<Path> entries = Files.list(folders.getFirst())) {
      for (Path entry : entries.filter(each -> !each.endsWith(CONFIG_FILE)).toList()) {
        Files.createSymbolicLink(folder.resolve(entry.getFileName()), entry.toAbsolutePath());
      }
    }
    return folder;
  }
}
