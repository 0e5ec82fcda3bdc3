package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.ShadowTally;
import dev.faultline.rollout.Standing;
import dev.faultline.rollout.judge.Judgement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `faultline/rollout.v1`: a rollout as every surface shows it. Every member is always there.
public final class RolloutDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RolloutDocument() {}

  public static ObjectNode of(Rollout rollout, JsonNode report, Instant now) {
    RolloutPlan plan = rollout.plan();
    Standing standing = rollout.standing();
    ObjectNode document = NODES.objectNode();
    document.put("schema", "faultline/rollout.v1").put("id", rollout.id());
    document.put("model", plan.model()).put("candidate", plan.candidate()).put("baseline", plan.baseline());
    document.put("state", standing.state().name()).put("weight", standing.weight()).put("reason", orNull(standing.reason()));
    document.put("created_at", rollout.createdAt().toString()).put("started_by", rollout.startedBy()).put("since", standing.since().toString());
    document.put("ended_at", standing.state().isOver() ? standing.since().toString() : null);
    document.set("plan", plan(plan));
    document.putObject("requests").put("baseline", rollout.counts().baseline()).put("candidate", rollout.counts().candidate()).put("candidate_since", rollout.counts().stage());
    document.set("judgement", judgement(rollout.judgement(now)));
    document.set("comparisons", comparisons(rollout.tally()));
    document.set("report", report);
    return document;
  }

  private static ObjectNode plan(RolloutPlan plan) {
    ObjectNode node = NODES.objectNode();
    node.put("shadow", plan.shadow());
    ArrayNode steps = node.putArray("steps");
    plan.steps().forEach(step -> steps.add(step));
    node.put("key", orNull(plan.key())).put("min_requests", plan.requestsMin());
    node.put("min_minutes", plan.timeMin().toMillis() / 60e3).put("max_minutes", plan.timeMax().toMillis() / 60e3);
    return put(node, "slo_ms", plan.sloMillis());
  }

  /// `judgement` as every surface shows it.
  public static ObjectNode judgement(Judgement judgement) {
    ObjectNode node = NODES.objectNode().put("verdict", judgement.verdict().name()).put("settled", judgement.settled());
    ArrayNode reasons = node.putArray("reasons");
    judgement.reasons().forEach(reasons::add);
    ArrayNode streams = node.putArray("streams");
    judgement.streams().forEach(stream -> {
      ObjectNode each = put(put(streams.addObject().put("name", stream.name()), "e_value", stream.eValue()), "estimate", stream.estimate());
      ArrayNode interval = each.putArray("interval");
      add(interval, stream.low());
      add(interval, stream.high());
    });
    return node;
  }

  private static ObjectNode comparisons(ShadowTally seen) {
    ObjectNode node = NODES.objectNode().put("total", seen.total()).put("different", seen.count(ShadowTally.End.DIFFERENT)).put("failed", seen.count(ShadowTally.End.CANDIDATE_FAILED));
    node.put("shed", seen.count(ShadowTally.End.SHED));
    put(node, "noise_floor", seen.noiseFloor());
    ArrayNode outputs = node.putArray("outputs");
    seen.outputs().forEach(output -> put(outputs.addObject().put("name", output.name()).put("different", output.different()), "max_abs_error", output.maxAbsError()));
    return node;
  }

  /// JSON has no infinity: what is not known has no bound, which is `null`.
  private static ObjectNode put(ObjectNode node, String name, double value) {
    return Double.isFinite(value) ? node.put(name, value) : node.putNull(name);
  }

  private static void add(ArrayNode array, double value) {
    if (Double.isFinite(value)) {
      array.add(value);
    } else {
      array.addNull();
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
