package dev.faultline.serving.declaration;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A small YAML file. Duplicate keys and aliases are refused: the first would drop a rule silently, the second Jackson reads as text.
public final class YamlFile {
  /// Declarations are written by people; anything larger is something else.
  private static final long BYTES_MAX = 1 << 20;

  private static final int DEPTH_MAX = 60;

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder(new YAMLFactory())
          // a label "no" is not false
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private YamlFile() {}

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
      return parse(Files.readString(file), name, problems);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      problems.add(name, "cannot be read as UTF-8 text: " + e);
      return Optional.empty();
    }
  }

  /// An empty text is an empty mapping.
  public static Optional<Document.Source> parse(String text, String name, Problems problems) {
    int before = problems.count();
    try {
      scan(text, name, problems);
      if (problems.count() > before) {
        return Optional.empty();
      }
      JsonNode content = MAPPER.readTree(text);
      return Optional.of(new Document.Source(name, content.isMissingNode() || content.isNull() ? JsonNodeFactory.instance.objectNode() : content));
    } catch (JacksonException e) {
      problems.add(name + at(e.getLocation()), "is not YAML: " + firstLine(e.getOriginalMessage()));
    } catch (org.yaml.snakeyaml.error.YAMLException e) {
      problems.add(name, "is not YAML: " + firstLine(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      problems.add(name, "is not YAML: " + e);
    }
    return Optional.empty();
  }

  /// Where everything stands in a text that [#parse] reads; absent when there is nothing in it.
  static Optional<YamlPlace> places(String text) {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      return parser.nextToken() == null ? Optional.empty() : Optional.of(YamlPlace.read(parser, text));
    } catch (IOException e) {
      throw new UncheckedIOException("a text that was read before", e);
    }
  }

  /// Walks the tokens once before the tree is built, so that all duplicates are found and depth is bounded.
  private static void scan(String text, String name, Problems problems) throws IOException {
    try (YAMLParser parser = MAPPER.getFactory().createParser(text)) {
      Deque<Set<String>> open = new ArrayDeque<>();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          open.push(new HashSet<>());
        } else if (token.isStructEnd()) {
          open.pop();
        }
        if (open.size() > DEPTH_MAX) {
          problems.add(name + at(parser.currentLocation()), "is nested deeper than " + DEPTH_MAX + " levels");
          return;
        }
        inspect(parser, token, open, name, problems);
      }
    }
  }

  private static void inspect(YAMLParser parser, JsonToken token, Deque<Set<String>> open, String name, Problems problems)
      throws IOException {
    String where = name + at(parser.currentTokenLocation());
    if (parser.isCurrentAlias()) {
      problems.add(where, "uses the alias '*" + parser.getText() + "' (expected: the value itself, aliases are not read)");
    } else if (token == JsonToken.FIELD_NAME && !open.getFirst().add(parser.currentName())) {
      problems.add(where, "has the key '" + parser.currentName() + "' twice in one mapping (expected: once)");
    }
  }

  private static String at(com.fasterxml.jackson.core.JsonLocation location) {
    return location == null || location.getLineNr() < 1 ? "" : " line " + location.getLineNr();
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
