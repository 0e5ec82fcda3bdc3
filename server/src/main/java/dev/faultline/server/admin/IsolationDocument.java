package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.WorkerState;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.contain.WorkerRecord;
import dev.faultline.serving.backend.ContainedModel;
import dev.faultline.serving.backend.ContainmentChoice;
import dev.faultline.serving.model.ModelVersion;
import java.util.Locale;
import java.util.Optional;

/// `isolation` of a version: where it runs and why, how often it ended the server's process, and how its own process fares.
final class IsolationDocument {
  private final WorkerHouse house;

  IsolationDocument(WorkerHouse house) {
    this.house = house;
  }

  Optional<ObjectNode> of(ModelVersion version) {
    return version.model() instanceof ContainedModel contained ? Optional.of(of(version, contained)) : Optional.empty();
  }

  private ObjectNode of(ModelVersion version, ContainedModel contained) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("wanted", contained.wish().where().name().toLowerCase(Locale.ROOT));
    node.put("runs", runs(contained.choice()));
    node.put("reason", contained.choice().reason());
    node.put("crashes_in_process", house.journal().crashes(version.artifact()));
    WorkerHouse.processOf(contained).ifPresent(process -> node.set("worker", worker(version, contained, process)));
    return node;
  }

  private static String runs(ContainmentChoice choice) {
    return switch (choice) {
      case ContainmentChoice.InProcess _ -> "in_process";
      case ContainmentChoice.OwnProcess _ -> "process";
    };
  }

  private ObjectNode worker(ModelVersion version, ContainedModel contained, ProcessModel process) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    state(node, process.state());
    WorkerRecord record = house.records().of(version.id().model(), version.id().version());
    node.put("restarts", record.restarts());
    ObjectNode deaths = node.putObject("deaths");
    record.deaths().forEach((cause, count) -> deaths.put(cause.name().toLowerCase(Locale.ROOT), count));
    node.put("last_death", record.lastDeath().isEmpty() ? null : record.lastDeath());
    node.put("last_death_at", record.lastDeath().isEmpty() ? null : record.lastDeathAt().toString());
    node.put("memory_bytes", record.memoryBytes());
    node.put("memory_bytes_max", house.memoryBytesMax(contained.wish()));
    node.put("cpus_max", house.cpusMax(contained.wish()));
    node.put("quarantined", process.quarantine().entries().size());
    return node;
  }

  private static void state(ObjectNode node, WorkerState state) {
    node.put("state", state.label());
    switch (state) {
      case WorkerState.Running(long pid) -> node.put("pid", pid);
      case WorkerState.Restarting(int attempt, long nextMillis, String reason) -> node.put("attempt", attempt).put("next_s", nextMillis / 1e3).put("why", reason);
      case WorkerState.Failed(String reason) -> node.put("why", reason);
      case WorkerState.Closed _ -> {}
    }
  }
}
