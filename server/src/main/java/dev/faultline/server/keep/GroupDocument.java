package dev.faultline.server.keep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.GroupState;
import dev.faultline.isolation.group.GroupState.Regressed;
import dev.faultline.isolation.group.GroupState.Resolved;
import dev.faultline.isolation.group.Regression;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `faultline/group.v1`: a fault group as the admin API shows it and the capture store keeps it.
public final class GroupDocument {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GroupDocument() {}

  public static ObjectNode of(FaultGroup group) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("schema", "faultline/group.v1");
    document.put("id", group.id());
    document.put("fingerprint", group.fingerprint());
    document.put("code", group.code().label());
    document.put("stage", group.code().stage().name());
    document.put("blame", group.blame().name());
    document.put("title", group.code().title());
    document.put("summary", group.summary());
    document.put("model", group.model());
    document.set("versions", MAPPER.valueToTree(group.versions()));
    document.put("field", group.field());
    document.put("node", group.node());
    document.put("step", group.step());
    document.put("count", group.count());
    document.put("suspicions", group.suspicions());
    document.put("first_seen", group.firstSeen().toString());
    document.put("last_seen", group.lastSeen().toString());
    document.set("faults", MAPPER.valueToTree(group.faults()));
    put(document, group.state());
    return document;
  }

  private static void put(ObjectNode document, GroupState state) {
    document.put("state", state.label());
    document.set("resolution", state instanceof Resolved(String version, Instant at) ? MAPPER.createObjectNode().put("version", orNull(version)).put("at", at.toString()) : null);
    document.set("regression", state instanceof Regressed regressed ? regression(regressed) : null);
  }

  private static ObjectNode regression(Regressed regressed) {
    return MAPPER.createObjectNode()
        .put("resolved_in", orNull(regressed.regression().resolvedIn()))
        .put("seen_again_in", orNull(regressed.regression().seenAgainIn()))
        .put("fault", regressed.fault())
        .put("at", regressed.at().toString());
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static String text(FaultGroup group) {
    return of(group).toString();
  }

  /// Empty for a document of a code this version does not know any more.
  static Optional<FaultGroup> read(String json) {
    try {
      return read(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the capture store holds a group that is not JSON", e);
    }
  }

  private static Optional<FaultGroup> read(JsonNode document) {
    return FaultCode.find(document.path("code").asText()).map(code -> new FaultGroup(
        document.path("id").asText(),
        document.path("fingerprint").asText(),
        code,
        Blame.valueOf(document.path("blame").asText()),
        document.path("model").asText(),
        texts(document.path("versions")),
        document.path("summary").asText(),
        document.path("field").asText(),
        document.path("node").asText(),
        document.path("step").asText(),
        document.path("count").asLong(),
        document.path("suspicions").asLong(),
        Instant.parse(document.path("first_seen").asText()),
        Instant.parse(document.path("last_seen").asText()),
        texts(document.path("faults")),
        state(document)));
  }

  /// Open where an earlier version of the product wrote the document.
  private static GroupState state(JsonNode document) {
    JsonNode resolution = document.path("resolution");
    JsonNode regression = document.path("regression");
    if (resolution.isObject()) {
      return new Resolved(text(resolution, "version"), Instant.parse(text(resolution, "at")));
    }
    return regression.isObject()
        ? new Regressed(new Regression(text(regression, "resolved_in"), text(regression, "seen_again_in")), text(regression, "fault"), Instant.parse(text(regression, "at")))
        : GroupState.Open.INSTANCE;
  }

  private static String text(JsonNode object, String member) {
    return object.path(member).isTextual() ? object.path(member).asText() : "";
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
