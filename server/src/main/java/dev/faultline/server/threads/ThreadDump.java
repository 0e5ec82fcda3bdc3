package dev.faultline.server.threads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import dev.faultline.server.threads.BusyThreads.Work;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All threads of the process, virtual ones included, as the JVM dumps them, and what each is doing for which request.
///
/// The dump comes from the JVM as `jcmd Thread.dump_to_file -format=json` writes it: its JSON is described at `HotSpotDiagnosticMXBean.dumpThreads`
/// of JDK 25. At most [#THREADS_MAX] are shown, those at work first.
public final class ThreadDump {
  static final int THREADS_MAX = 5_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final BusyThreads busy;
  private final Path scratch;

  /// `scratch` is a folder in which the JVM may write.
  public ThreadDump(BusyThreads busy, Path scratch) {
    this.busy = busy;
    this.scratch = scratch;
  }

  /// Which threads are wanted.
  public enum Scope {
    ALL,
    /// Only those at work for a request.
    BUSY
  }

  /// `faultline/threads.v1`.
  public ObjectNode document(Scope scope) throws IOException {
    Map<Long, Work> working = busy.now();
    JsonNode dump = dumped().path("threadDump");
    List<ObjectNode> rows = new ArrayList<>();
    dump.path("threadContainers").forEach(container -> container.path("threads").forEach(thread -> row(thread, working, scope).ifPresent(rows::add)));
    rows.sort(Comparator.comparing((ObjectNode row) -> !row.has("role")).thenComparing(row -> row.path("name").asText()));
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/threads.v1");
    document.put("taken_at", dump.path("time").asText()).put("pid", dump.path("processId").asLong());
    document.put("busy", rows.stream().filter(row -> row.has("role")).count()).put("left_out", Math.max(0, rows.size() - THREADS_MAX));
    document.set("deadlocked", deadlocked());
    ArrayNode threads = document.putArray("threads");
    rows.stream().limit(THREADS_MAX).forEach(threads::add);
    return document;
  }

  private static Optional<ObjectNode> row(JsonNode thread, Map<Long, Work> working, Scope scope) {
    long id = thread.path("tid").asLong();
    Work work = working.get(id);
    if (work == null && scope == Scope.BUSY) {
      return Optional.empty();
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("id", id).put("name", thread.path("name").asText());
    row.put("virtual", thread.path("virtual").asBoolean()).put("state", thread.path("state").asText());
    if (work != null) {
      put(row, work);
    }
    copy(thread, "blockedOn", row, "blocked_on");
    copy(thread, "waitingOn", row, "waiting_on");
    copy(thread.path("parkBlocker"), "object", row, "parked_on");
    ArrayNode owned = row.putArray("owns");
    thread.path("monitorsOwned").forEach(frame -> frame.path("locks").forEach(owned::add));
    ArrayNode frames = row.putArray("frames");
    thread.path("stack").forEach(frames::add);
    return Optional.of(row);
  }

  private static void put(ObjectNode row, Work work) {
    row.put("role", work.role().name()).put("request_id", work.request());
    if (!work.trace().isEmpty()) {
      row.put("trace_id", work.trace());
    }
    row.put("model", work.model()).put("version", work.version()).put("stage", work.stage()).put("running_ms", Math.round(work.millis() * 1e3) / 1e3);
    if (work.workerPid() > 0) {
      row.put("worker_pid", work.workerPid());
    }
  }

  private static void copy(JsonNode from, String member, ObjectNode to, String name) {
    if (from.path(member).isTextual()) {
      to.put(name, from.path(member).asText());
    }
  }

  /// Numbers of platform threads that wait for each other; the JVM does not look at virtual ones.
  private static ArrayNode deadlocked() {
    ArrayNode ids = JsonNodeFactory.instance.arrayNode();
    long[] found = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
    for (long id : found == null ? new long[0] : found) {
      ids.add(id);
    }
    return ids;
  }

  private JsonNode dumped() throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "threads-");
    Path file = folder.resolve("dump.json").toAbsolutePath();
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return MAPPER.readTree(file.toFile());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
