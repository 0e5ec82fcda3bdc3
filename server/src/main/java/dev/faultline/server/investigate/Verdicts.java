package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.group.Regrouping;
import dev.faultline.server.group.VerifiedCauses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The latest verdict of each fault and group: in memory, where the least recently asked for makes room, and in the capture store.
public final class Verdicts {
  private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);
  static final String KIND = "verdict";
  static final int IN_MEMORY_MAX = 1_000;

  /// Verdicts of earlier runs that are read for their causes.
  private static final int RESTORED_MAX = 4_000;

  private final CaptureStore store;
  private final VerifiedCauses causes = new VerifiedCauses(this::earlier);
  private final Map<String, JsonNode> recent = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
      return size() > IN_MEMORY_MAX;
    }
  };

  public Verdicts(CaptureStore store) {
    this.store = store;
  }

  /// The latest verdict of a fault or a group.
  public Optional<JsonNode> find(String id) {
    if (id.isEmpty()) {
      return Optional.empty();
    }
    synchronized (recent) {
      JsonNode known = recent.get(id);
      if (known != null) {
        return Optional.of(known);
      }
    }
    return stored(id);
  }

  /// The same, where it is still in memory: for those who must not wait for a disk.
  public Optional<JsonNode> recent(String id) {
    synchronized (recent) {
      return Optional.ofNullable(recent.get(id));
    }
  }

  /// Groups by what was verified to be their cause.
  public Regrouping regrouping() {
    return causes.regrouping();
  }

  /// Files it under its fault and its group.
  void keep(ObjectNode verdict) {
    causes.learn(verdict);
    keep(verdict.path("fault").asText(""), verdict);
    keep(verdict.path("group").asText(""), verdict);
  }

  private void keep(String id, ObjectNode verdict) {
    if (id.isEmpty() || id.equals("null")) {
      return;
    }
    synchronized (recent) {
      recent.put(id, verdict);
    }
    try {
      store.keep(KIND, id, verdict.toString());
    } catch (CaptureStoreException e) {
      LOG.error("the verdict of {} is kept in memory only", id, e);
    }
  }

  private List<JsonNode> earlier() {
    try {
      return store.kept(KIND, RESTORED_MAX).reversed().stream().map(Trees::of).toList();
    } catch (CaptureStoreException e) {
      LOG.error("verdicts of earlier runs cannot be read; groups are linked by those of this run only", e);
      return List.of();
    }
  }

  private Optional<JsonNode> stored(String id) {
    try {
      return store.kept(KIND, id).map(Trees::of);
    } catch (CaptureStoreException e) {
      LOG.error("the verdict of {} cannot be read", id, e);
      return Optional.empty();
    }
  }
}
