package dev.faultline.server.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The profiles on disk, a folder each: `profile.json`, `flamegraph.html`, `collapsed.txt`, `recording.jfr`. The oldest go when there are too
/// many or they are too large.
final class ProfileFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileFolder.class);
  static final int KEPT_MAX = 20;
  static final long BYTES_MAX = 256L << 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ABOUT = "profile.json";

  /// What can be asked for besides the document.
  public enum Part {
    FLAMEGRAPH("flamegraph.html", "text/html; charset=utf-8"),
    COLLAPSED("collapsed.txt", "text/plain; charset=utf-8"),
    RECORDING("recording.jfr", "application/octet-stream");

    private final String file;
    private final String contentType;

    Part(String file, String contentType) {
      this.file = file;
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }
  }

  private final Path folder;
  /// By id, the oldest first. Guarded by this.
  private final Map<String, ObjectNode> documents = new LinkedHashMap<>();
  private volatile long bytes;

  ProfileFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    try (Stream<Path> kept = Files.list(folder)) {
      kept.map(ProfileFolder::read).flatMap(Optional::stream).sorted(Comparator.comparing(document -> document.path("started_at").asText())).forEach(
          document -> documents.put(document.path("id").asText(), document));
    }
    makeRoom();
  }

  /// One that was begun and not finished is no profile; its files go.
  private static Optional<ObjectNode> read(Path place) {
    try {
      Path about = place.resolve(ABOUT);
      if (Files.isRegularFile(about) && MAPPER.readTree(Files.readString(about)) instanceof ObjectNode document) {
        return Optional.of(document);
      }
      delete(place);
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("profile '{}' cannot be read and is left out", place, e);
      return Optional.empty();
    }
  }

  Path make(String id) throws IOException {
    return Files.createDirectories(folder.resolve(id));
  }

  Path recording(String id) {
    return folder.resolve(id).resolve(Part.RECORDING.file);
  }

  void write(String id, Part part, String text) throws IOException {
    Files.writeString(folder.resolve(id).resolve(part.file), text);
  }

  /// Keeps a document that is not final yet, in memory only.
  synchronized void note(String id, ObjectNode document) {
    documents.put(id, document);
  }

  synchronized void finish(String id, ObjectNode document) throws IOException {
    documents.put(id, document);
    Files.writeString(folder.resolve(id).resolve(ABOUT), text(document), StandardCharsets.UTF_8);
    makeRoom();
  }

  synchronized Optional<ObjectNode> find(String id) {
    return Optional.ofNullable(documents.get(id)).map(ObjectNode::deepCopy);
  }

  /// The newest first.
  synchronized List<ObjectNode> list() {
    return documents.values().stream().map(ObjectNode::deepCopy).toList().reversed();
  }

  Optional<byte[]> part(String id, Part part) throws IOException {
    Path file = folder.resolve(id).resolve(part.file);
    return find(id).isPresent() && Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  /// Of all files together.
  long bytes() {
    return bytes;
  }

  synchronized int size() {
    return documents.size();
  }

  private synchronized void makeRoom() throws IOException {
    bytes = size(folder);
    while (documents.size() > KEPT_MAX || (documents.size() > 1 && bytes > BYTES_MAX)) {
      String oldest = documents.keySet().iterator().next();
      delete(folder.resolve(oldest));
      documents.remove(oldest);
      bytes = size(folder);
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void delete(Path place) throws IOException {
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String text(ObjectNode document) {
    try {
      return MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }
}
