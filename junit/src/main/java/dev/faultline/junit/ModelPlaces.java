package dev.faultline.junit;

import dev.faultline.fault.NearestName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/// Where `models` of a [FaultlineTest] lead.
final class ModelPlaces {
  private static final String CLASSPATH = "classpath:";

  private ModelPlaces() {}

  /// @throws ExtensionConfigurationException when there is nothing at a place
  static List<Path> of(List<String> written, ClassLoader resources) {
    if (written.isEmpty()) {
      throw new ExtensionConfigurationException("@FaultlineTest names no models (expected: models = \"src/main/models\", a folder as 'faultline serve' takes it)");
    }
    return written.stream().map(each -> each.startsWith(CLASSPATH) ? resource(each, resources) : folder(each)).toList();
  }

  private static Path folder(String written) {
    Path place = Path.of(written).toAbsolutePath().normalize();
    if (!Files.exists(place)) {
      throw new ExtensionConfigurationException("@FaultlineTest(models = \"%s\"): there is nothing at %s%s; tests run in %s"
          .formatted(written, place, hint(place), Path.of("").toAbsolutePath()));
    }
    return place;
  }

  private static String hint(Path place) {
    Path parent = place.getParent();
    while (parent != null && !Files.isDirectory(parent)) {
      place = parent;
      parent = parent.getParent();
    }
    return parent == null ? "" : nearest(parent, String.valueOf(place.getFileName())).map(near -> " (did you mean '" + near + "'?)").orElse(" (expected: a model repository, a model folder or an .onnx file)");
  }

  private static Optional<String> nearest(Path folder, String name) {
    try (Stream<Path> there = Files.list(folder)) {
      return NearestName.of(name, there.map(each -> String.valueOf(each.getFileName())).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder, e);
    }
  }

  private static Path resource(String written, ClassLoader resources) {
    String name = written.substring(CLASSPATH.length()).replaceFirst("^/", "");
    URL found = resources.getResource(name);
    if (found == null || !found.getProtocol().equals("file")) {
      throw new ExtensionConfigurationException("@FaultlineTest(models = \"%s\"): %s (expected: a folder such as src/test/resources/%s)"
          .formatted(written, found == null ? "there is no resource of that name" : "the resource is inside " + found + ", and models are loaded from files", name));
    }
    try {
      return Path.of(new URI(found.toString()));
    } catch (URISyntaxException e) {
      throw new ExtensionConfigurationException("@FaultlineTest(models = \"" + written + "\"): cannot read the address " + found, e);
    }
  }
}
