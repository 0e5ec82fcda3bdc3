package dev.faultline.server.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `audit.jsonl` in the data folder: one line for each change of versions and rollouts, appended and forced to the disk before the change
/// is answered, never rewritten. At [#FILE_BYTES_MAX] the file becomes `audit.1.jsonl`, whose predecessor goes.
///
/// A line that a crash cut short, or that somebody else wrote, is passed over when the file is read, and said so in the log.
public final class AuditTrail {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  static final long FILE_BYTES_MAX = 16 << 20;
  /// Entries that can be listed; older ones are in the files only.
  static final int LISTED_MAX = 10_000;

  private final Path file;
  private final InstantSource clock;
  private final Deque<AuditEntry> latest = new ArrayDeque<>();
  private long last;

  private AuditTrail(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /// @throws IOException when the file cannot be read or written
  public static AuditTrail open(Path file, InstantSource clock) throws IOException {
    var trail = new AuditTrail(file, clock);
    trail.restore(trail.former());
    trail.restore(file);
    trail.endTornLine();
    return trail;
  }

  /// Writes an entry down. A disk that takes no more does not undo what has happened: the log has the entry then.
  public synchronized void record(Actor actor, String action, String model, String version, String what) {
    var entry = new AuditEntry(++last, clock.instant(), actor, action, model, version, what);
    remember(entry);
    LOG.info("audit: {} by {}: {}", action, actor.name(), what);
    try {
      rotate();
      append(entry.document() + "\n");
    } catch (IOException e) {
      LOG.error("the audit trail cannot be written to {}; entry {} is in this log only: {}", file, entry.number(), entry.document(), e);
    }
  }

  /// The newest first, those before entry `before`.
  public synchronized List<AuditEntry> list(long before, int max) {
    var list = new ArrayList<AuditEntry>();
    for (AuditEntry entry : latest) {
      if (entry.number() < before && list.size() < max) {
        list.add(entry);
      }
    }
    return list;
  }

  private void remember(AuditEntry entry) {
    latest.addFirst(entry);
    if (latest.size() > LISTED_MAX) {
      latest.removeLast();
    }
  }

  private void append(String line) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(false);
    }
  }

  private void rotate() throws IOException {
    if (Files.exists(file) && Files.size(file) > FILE_BYTES_MAX) {
      Files.move(file, former(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path former() {
    return file.resolveSibling("audit.1.jsonl");
  }

  private void restore(Path from) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    int unreadable = 0;
    try (BufferedReader lines = new BufferedReader(new java.io.InputStreamReader(Files.newInputStream(from), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        unreadable += line.isBlank() || restored(line) ? 0 : 1;
      }
    }
    if (unreadable > 0) {
      LOG.warn("{} lines of {} are no entries of the audit trail and are passed over", unreadable, from);
    }
  }

  private boolean restored(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (node == null || !node.path("schema").asText().equals("faultline/audit.v1") || !node.path("number").canConvertToLong()) {
        return false;
      }
      var actor = new Actor(text(node, "actor"), text(node, "address"));
      var entry = new AuditEntry(node.path("number").asLong(), Instant.parse(text(node, "at")), actor, text(node, "action"), text(node, "model"), text(node, "version"), text(node, "what"));
      last = Math.max(last, entry.number());
      remember(entry);
      return true;
    } catch (JsonProcessingException | DateTimeException e) {
      return false;
    }
  }

  /// What comes next begins a line of its own.
  private void endTornLine() throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return;
    }
    boolean torn;
    try (var read = new RandomAccessFile(file.toFile(), "r")) {
      read.seek(read.length() - 1);
      torn = read.read() != '\n';
    }
    if (torn) {
      append("\n");
    }
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).isTextual() ? node.path(member).asText() : "";
  }
}
