package dev.faultline.server.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.Rollout.Counts;
import dev.faultline.rollout.Rollout.Memory;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.RolloutState;
import dev.faultline.rollout.ShadowTally;
import dev.faultline.rollout.Standing;
import dev.faultline.rollout.judge.JudgeState;
import dev.faultline.rollout.judge.ShadowState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A rollout's memory as JSON, as it stands in `state.json`.
final class MemoryJson {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryJson.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private MemoryJson() {}

  static ObjectNode write(Memory memory) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", memory.id()).put("started_by", memory.startedBy()).put("created_at", memory.createdAt().toString());
    node.set("plan", plan(memory.plan()));
    Standing standing = memory.standing();
    node.putObject("standing").put("state", standing.state().name()).put("weight", standing.weight()).put("since", standing.since().toString()).put("reason", standing.reason());
    node.putObject("counts").put("baseline", memory.counts().baseline()).put("candidate", memory.counts().candidate()).put("stage", memory.counts().stage());
    node.set("judge", MAPPER.valueToTree(memory.judge()));
    node.set("shadow", MAPPER.valueToTree(memory.shadow()));
    node.set("seen", MAPPER.valueToTree(memory.seen()));
    return node;
  }

  /// @throws java.time.DateTimeException when a time in it is none
  /// @throws IllegalArgumentException when it is no memory of a rollout
  static Rollout read(JsonNode node) {
    RolloutPlan plan = plan(node.path("plan"));
    Instant createdAt = Instant.parse(node.path("created_at").asText());
    JsonNode at = node.path("standing");
    var standing = new Standing(RolloutState.valueOf(at.path("state").asText()), at.path("weight").asDouble(), Instant.parse(at.path("since").asText()), at.path("reason").asText());
    JsonNode counted = node.path("counts");
    var counts = new Counts(counted.path("baseline").asLong(), counted.path("candidate").asLong(), counted.path("stage").asLong());
    Memory fresh = new Rollout(node.path("id").asText(), plan, node.path("started_by").asText(), standing.since()).memory();
    return Rollout.restore(new Memory(
        fresh.id(),
        plan,
        fresh.startedBy(),
        createdAt,
        standing,
        counts,
        of(node.path("judge"), JudgeState.class, fresh.judge()),
        of(node.path("shadow"), ShadowState.class, fresh.shadow()),
        of(node.path("seen"), ShadowTally.Memory.class, fresh.seen())));
  }

  /// Evidence that another release wrote down otherwise is gathered anew.
  private static <T> T of(JsonNode node, Class<T> type, T otherwise) {
    if (node.isMissingNode()) {
      return otherwise;
    }
    try {
      T read = MAPPER.treeToValue(node, type);
      return read == null ? otherwise : read;
    } catch (JsonProcessingException e) {
      LOG.warn("the evidence of a rollout cannot be read and is gathered anew: {}", e.getOriginalMessage());
      return otherwise;
    }
  }

  static ObjectNode plan(RolloutPlan plan) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("model", plan.model()).put("candidate", plan.candidate()).put("baseline", plan.baseline()).put("shadow", plan.shadow());
    ArrayNode steps = node.putArray("steps");
    plan.steps().forEach(steps::add);
    node.put("key", plan.key()).put("min_requests", plan.requestsMin());
    node.put("min_seconds", plan.timeMin().toMillis() / 1e3).put("max_seconds", plan.timeMax().toMillis() / 1e3);
    if (Double.isFinite(plan.sloMillis())) {
      node.put("slo_ms", plan.sloMillis());
    }
    return node;
  }

  private static RolloutPlan plan(JsonNode node) {
    var steps = new ArrayList<Double>();
    node.path("steps").forEach(step -> steps.add(step.asDouble()));
    return new RolloutPlan(
        node.path("model").asText(),
        node.path("candidate").asText(),
        node.path("baseline").asText(),
        node.path("shadow").asDouble(),
        steps,
        node.path("key").asText(),
        node.path("min_requests").asInt(),
        seconds(node, "min_seconds"),
        seconds(node, "max_seconds"),
        node.path("slo_ms").asDouble(Double.POSITIVE_INFINITY));
  }

  private static Duration seconds(JsonNode node, String name) {
    return Duration.ofMillis(Math.round(node.path(name).asDouble() * 1e3));
  }
}
