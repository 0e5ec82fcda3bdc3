package dev.faultline.server.group;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.group.Regrouping;
import dev.faultline.isolation.group.VerifiedCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// What investigations verified, of this run and of earlier ones, so that groups are linked by cause. Bounded by [Regrouping#CAUSES_MAX].
public final class VerifiedCauses {
  private final Supplier<List<JsonNode>> earlier;
  private final SequencedMap<String, VerifiedCause> byFault = new LinkedHashMap<>();
  private boolean restored;

  /// `earlier` gives the verdicts that were kept, the oldest first; it is asked once, when somebody first wants to know.
  public VerifiedCauses(Supplier<List<JsonNode>> earlier) {
    this.earlier = earlier;
  }

  /// Takes in a `verdict.v1`. The latest of a fault counts, also when it verifies nothing any more.
  public synchronized void learn(JsonNode verdict) {
    byFault.remove(text(verdict, "fault"));
    cause(verdict).ifPresent(cause -> byFault.put(cause.fault(), cause));
    while (byFault.size() > Regrouping.CAUSES_MAX) {
      byFault.pollFirstEntry();
    }
  }

  public synchronized Regrouping regrouping() {
    restore();
    return Regrouping.of(List.copyOf(byFault.values()));
  }

  private void restore() {
    if (restored) {
      return;
    }
    restored = true;
    List<VerifiedCause> sinceStart = List.copyOf(byFault.values());
    byFault.clear();
    earlier.get().forEach(this::learn);
    sinceStart.forEach(cause -> {
      byFault.remove(cause.fault());
      byFault.put(cause.fault(), cause);
    });
  }

  private static Optional<VerifiedCause> cause(JsonNode verdict) {
    List<String> places = places(verdict);
    boolean verified = text(verdict, "confidence").equals(Confidence.VERIFIED.name()) && !text(verdict, "group").isEmpty() && !places.isEmpty();
    JsonNode model = verdict.path("model");
    return verified
        ? Optional.of(new VerifiedCause(
            text(verdict, "fault"), text(verdict, "group"), Cause.valueOf(text(verdict, "cause")), text(model, "name"), text(model, "first_bad"), places))
        : Optional.empty();
  }

  /// What is to blame, by what says most: two groups of one cause fail at different nodes, but not because of different constants.
  private static List<String> places(JsonNode verdict) {
    if (!text(verdict.path("initializer"), "name").isEmpty()) {
      return List.of("initializer:" + text(verdict.path("initializer"), "name"));
    }
    if (!text(verdict, "step").isEmpty()) {
      return List.of("step:" + text(verdict, "step"));
    }
    List<String> fields = fields(verdict);
    if (!fields.isEmpty()) {
      return fields;
    }
    String node = text(verdict.path("node"), "name");
    return node.isEmpty() ? conditions(verdict) : List.of("node:" + node);
  }

  private static List<String> fields(JsonNode verdict) {
    var fields = new ArrayList<String>();
    verdict.path("fields").forEach(field -> {
      String column = text(field, "column");
      String tensor = text(field, "tensor");
      fields.add("field:" + (tensor.isEmpty() ? text(field, "path") : column.isEmpty() ? tensor : tensor + "." + column));
    });
    return fields;
  }

  /// Such as `batch_size`. The version counts by itself.
  private static List<String> conditions(JsonNode verdict) {
    var dimensions = new ArrayList<String>();
    verdict.path("conditions").forEach(each -> {
      if (!text(each, "dimension").equals("version")) {
        dimensions.add(text(each, "dimension"));
      }
    });
    return dimensions;
  }

  private static String text(JsonNode node, String member) {
    return node.path(member).isTextual() ? node.path(member).asText() : "";
  }
}
