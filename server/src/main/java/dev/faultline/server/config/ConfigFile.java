package dev.faultline.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A `faultline.yaml` flattened to dotted paths. A list becomes one item a line. What stands below `rollouts` is kept whole: its names are models'.
final class ConfigFile {
  private static final long BYTES_MAX = 1 << 20;

  private static final String ROLLOUTS = "rollouts";

  record Content(Map<String, String> values, List<DeclaredRollout> rollouts, List<String> problems) {}

  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<DeclaredRollout> rollouts = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Path file;

  private ConfigFile(Path file) {
    this.file = file;
  }

  static Content read(Path file) {
    var reading = new ConfigFile(file);
    reading.read();
    return new Content(reading.values, reading.rollouts, reading.problems);
  }

  private void read() {
    try {
      if (Files.size(file) > BYTES_MAX) {
        problems.add(file + ": has " + Files.size(file) + " bytes (expected: at most " + BYTES_MAX + ")");
        return;
      }
      flatten("", tree());
    } catch (JsonProcessingException e) {
      problems.add(file + ": is not YAML: " + e.getOriginalMessage().lines().findFirst().orElse("") + at(e));
    } catch (IOException e) {
      problems.add(file + ": cannot be read: " + e);
    }
  }

  private void declare(JsonNode node) {
    node.properties().forEach(each -> {
      if (each.getValue().isObject()) {
        rollouts.add(new DeclaredRollout(each.getKey(), each.getValue()));
      } else {
        problems.add(file + ": rollouts." + each.getKey() + " is no mapping (expected: candidate: and more below the name of a model)");
      }
    });
    if (!node.isObject() && !node.isNull()) {
      problems.add(file + ": rollouts is no mapping (expected: names of models, and a plan below each)");
    }
  }

  private JsonNode tree() throws IOException {
    YAMLFactory factory = YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    return new ObjectMapper(factory).readTree(Files.readString(file));
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  private void flatten(String path, JsonNode node) {
    if (path.equals(ROLLOUTS)) {
      declare(node);
    } else if (node.isObject()) {
      node.properties().forEach(member -> flatten(path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue()));
    } else if (path.isEmpty() && !node.isMissingNode() && !node.isNull()) {
      problems.add(file + ": is not a mapping (expected: keys such as server: with port: below it)");
    } else if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(item.asText()));
      // a single item with a comma in it must not fall apart
      values.put(path, String.join("\n", items) + (items.size() == 1 ? "\n" : ""));
    } else if (!node.isNull() && !node.isMissingNode()) {
      values.put(path, node.asText());
    }
  }
}
