package dev.faultline.serving.declaration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A JSON file beside a model. Duplicate keys are refused: one of them would be dropped silently.
public final class JsonFile {
  /// Expected answers may hold whole tensors; anything larger is a data set.
  private static final long BYTES_MAX = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonFile() {}

  /// The file's content; absent when there is no such file or when it has problems, which then stand in `problems`.
  public static Optional<Document.Source> find(Path file, String name, Problems problems) {
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > BYTES_MAX) {
        problems.add(name, "is " + Files.size(file) + " bytes long (expected: at most " + BYTES_MAX + ")");
        return Optional.empty();
      }
      JsonNode content = MAPPER.readTree(Files.readAllBytes(file));
      if (!content.isObject()) {
        problems.add(name, "holds no JSON object (expected: one)");
        return Optional.empty();
      }
      return Optional.of(new Document.Source(name, content));
    } catch (JsonProcessingException e) {
      problems.add(name + " line " + e.getLocation().getLineNr(), "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      problems.add(name, "cannot be read: " + e);
    }
    return Optional.empty();
  }
}
