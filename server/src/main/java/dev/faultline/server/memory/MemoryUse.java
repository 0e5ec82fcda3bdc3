package dev.faultline.server.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.WorkerState;
import dev.faultline.capture.CaptureCounts;
import dev.faultline.capture.CaptureStore;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.profile.Profiles;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Whose the memory of the process is now: Java's heap and its pools, buffers outside it, what the JVM tracks of its own, each version's weights,
/// process and arena, and what waits to be stored.
///
/// ONNX Runtime tells its arenas to nobody but the writer of its node times, so that a version's stands here when its nodes were timed. What
/// no part of Java holds is told as one estimate: the process without all that is known.
public final class MemoryUse {
  private final Supplier<List<ModelListing>> models;
  private final Supplier<CaptureCounts> queue;
  private final CaptureStore store;
  private final Profiles profiles;

  public MemoryUse(Supplier<List<ModelListing>> models, Supplier<CaptureCounts> queue, CaptureStore store, Profiles profiles) {
    this.models = models;
    this.queue = queue;
    this.store = store;
    this.profiles = profiles;
  }

  /// `faultline/memory.v1`, of one model or, when that is empty, of all.
  public ObjectNode document(String model) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    long buffers = 0;
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/memory.v1").put("pid", ProcessHandle.current().pid());
    document.set("heap", usage(heap));
    document.set("jvm", usage(other));
    ArrayNode pools = document.putArray("pools");
    ManagementFactory.getMemoryPoolMXBeans().forEach(pool -> pools.add(pool(pool)));
    ArrayNode outside = document.putArray("buffers");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      outside.addObject().put("name", pool.getName()).put("count", pool.getCount()).put("bytes", pool.getMemoryUsed());
      buffers += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
    }
    ObjectNode tracked = document.putObject("tracked");
    NativeTracking.categories().forEach(tracked::put);
    process(document, heap.getCommitted() + other.getCommitted() + buffers);
    document.set("versions", versions(model));
    document.putObject("captures").put("waiting_bytes", queue.get().depthBytes()).put("stored_bytes", store.stats().bytes());
    document.put("profiles_bytes", profiles.keptBytes());
    ArrayNode notes = document.putArray("notes");
    notes(tracked).forEach(notes::add);
    return document;
  }

  private static void process(ObjectNode document, long known) {
    ObjectNode process = document.putObject("process");
    ProcessMemory.of(ProcessHandle.current().pid()).ifPresent(found -> {
      process.put("resident_bytes", found.residentBytes()).put("resident_bytes_max", found.residentBytesMax());
      process.put("engine_and_other_bytes", Math.max(0, found.residentBytes() - known));
    });
  }

  private ArrayNode versions(String model) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (ModelListing listing : models.get()) {
      if (listing.state() instanceof ModelState.Ready(ModelVersion version, long _) && (model.isEmpty() || model.equals(listing.model()))) {
        rows.add(row(version));
      }
    }
    return rows;
  }

  private ObjectNode row(ModelVersion version) {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("model", version.id().model()).put("version", version.id().version());
    row.put("weights_bytes", Weights.bytes(version.artifact().file(), version.model().facts().metadata()));
    OptionalLong pid = pid(version);
    row.put("process", pid.isPresent() ? pid.getAsLong() : ProcessHandle.current().pid()).put("own_process", pid.isPresent());
    pid.stream().mapToObj(ProcessMemory::of).flatMap(found -> found.stream()).forEach(found -> row.put("resident_bytes", found.residentBytes()));
    arena(version).ifPresent(bytes -> row.put("arena_bytes", bytes));
    return row;
  }

  private static OptionalLong pid(ModelVersion version) {
    return WorkerHouse.processOf(version.model()).map(ProcessModel::state).map(state -> switch (state) {
      case WorkerState.Running(long pid) -> OptionalLong.of(pid);
      case WorkerState.Restarting _, WorkerState.Failed _, WorkerState.Closed _ -> OptionalLong.empty();
    }).orElse(OptionalLong.empty());
  }

  /// As the newest profile of its nodes saw it.
  private OptionalLong arena(ModelVersion version) {
    for (ObjectNode profile : profiles.list()) {
      if (profile.path("event").asText().equals("nodes") && profile.path("model").asText().equals(version.id().model())) {
        for (JsonNode each : profile.path("summary").path("versions")) {
          if (each.path("version").asText().equals(version.id().version())) {
            return OptionalLong.of(each.path("arena_bytes").asLong());
          }
        }
      }
    }
    return OptionalLong.empty();
  }

  private static List<String> notes(ObjectNode tracked) {
    String engine = "engine_and_other_bytes is what is left of the process without heap, JVM and direct buffers: sessions of the versions in this process, the capture store, thread stacks";
    return tracked.isEmpty() ? List.of(engine, "the JVM does not track its own native memory (mend: FAULTLINE_JAVA_OPTS=-XX:NativeMemoryTracking=summary)") : List.of(engine);
  }

  private static ObjectNode pool(MemoryPoolMXBean pool) {
    ObjectNode row = usage(pool.getUsage()).put("name", pool.getName());
    MemoryUsage collected = pool.getCollectionUsage();
    return collected == null ? row : row.put("used_after_collection_bytes", collected.getUsed());
  }

  private static ObjectNode usage(MemoryUsage usage) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    Map.of("used_bytes", usage.getUsed(), "committed_bytes", usage.getCommitted()).forEach(row::put);
    return usage.getMax() > 0 ? row.put("max_bytes", usage.getMax()) : row;
  }
}
