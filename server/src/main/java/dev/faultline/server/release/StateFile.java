package dev.faultline.server.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// `state.json` in the data folder, `faultline/state.v1`: labels, defaults and rollouts, which must outlive the process. One document, so
/// that what belongs together changes together.
public final class StateFile {
  static final String SCHEMA = "faultline/state.v1";
  private static final long BYTES_MAX = 16 << 20;
  private static final ObjectMapper MAPPER = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final Path file;
  private ObjectNode now;

  private StateFile(Path file, ObjectNode now) {
    this.file = file;
    this.now = now;
  }

  /// @throws IOException when what is there is not a state of ours, or cannot be read
  public static StateFile open(Path file) throws IOException {
    return new StateFile(file, Files.exists(file) ? read(file) : JsonNodeFactory.instance.objectNode().put("schema", SCHEMA));
  }

  /// A copy of what is kept.
  public synchronized ObjectNode read() {
    return now.deepCopy();
  }

  /// One part of it, without copying the others; a missing node when there is none.
  public synchronized JsonNode peek(String member, String name) {
    return now.path(member).path(name).deepCopy();
  }

  /// Changes what is kept; it is on the disk when this returns, or nothing has changed.
  ///
  /// @throws IOException when it cannot be written
  public synchronized void change(Consumer<ObjectNode> change) throws IOException {
    ObjectNode next = now.deepCopy();
    change.accept(next);
    DurableFile.replace(file, next.toPrettyString() + "\n");
    now = next;
  }

  private static ObjectNode read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw foreign(file, "it has " + Files.size(file) + " bytes (expected: at most " + BYTES_MAX + ")");
    }
    try {
      JsonNode tree = MAPPER.readTree(Files.readString(file));
      if (tree instanceof ObjectNode object && object.path("schema").asText().equals(SCHEMA)) {
        return object;
      }
      throw foreign(file, "its 'schema' is not '" + SCHEMA + "'");
    } catch (JsonProcessingException e) {
      throw foreign(file, "it is not JSON: " + e.getOriginalMessage());
    }
  }

  private static IOException foreign(Path file, String why) {
    return new IOException("the versions' labels and rollouts cannot be read from '" + file + "': " + why
        + " (mend: put a copy of it back, or move it away to begin without labels, defaults and rollouts)");
  }
}
