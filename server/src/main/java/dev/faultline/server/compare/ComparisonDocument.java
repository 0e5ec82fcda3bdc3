package dev.faultline.server.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CapturedFault;
import dev.faultline.isolation.attribute.Attribution;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.server.investigate.ConditionDocument;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What a comparison found, as `comparison.v1` has it.
record ComparisonDocument(ComparisonFinding finding) {

  void addTo(ObjectNode document) {
    document.put("answer", finding.answer().name()).put("summary", finding.summary());
    document.set("selected", side(finding.selected()));
    document.set("baseline", side(finding.baseline()).put("left_out_as_selected", finding.overlap()));
    document.put("by_content", finding.byContent()).put("within", finding.pooled() ? "all" : "hour");
    document.put("conditions_compared", finding.attribution().map(Attribution::items).orElse(0));
    document.put("conditions_left_out", finding.attribution().map(Attribution::itemsLeftOut).orElse(0));
    ArrayNode differences = document.putArray("differences");
    finding.attribution().map(Attribution::explanations).orElse(List.of()).forEach(each -> differences.add(difference(each, differences.size() + 1)));
  }

  /// Before anything is known, so that every member is always there.
  static void addNothingTo(ObjectNode document) {
    document.putNull("answer").putNull("summary").putNull("selected").putNull("baseline").putNull("by_content").putNull("within");
    document.put("conditions_compared", 0).put("conditions_left_out", 0).putArray("differences");
  }

  private static ObjectNode side(Side side) {
    return JsonNodeFactory.instance.objectNode().put("text", side.of().text()).put("requests", side.size()).put("undecoded", side.undecoded()).put("more", side.more());
  }

  private ObjectNode difference(Explanation found, int rank) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("rank", rank).put("confidence", found.confidence().name());
    ArrayNode conditions = conditions(node.putArray("conditions"), found.conditions());
    node.put("summary", summary(conditions, found.counts()));
    conditions(node.putArray("equivalents"), found.equivalents());
    Explanation.Counts counts = found.counts();
    node.putObject("counts")
        .put("selected_with", counts.failingWith()).put("selected_without", counts.failingWithout())
        .put("baseline_with", counts.passingWith()).put("baseline_without", counts.passingWithout());
    Explanation.OddsRatio odds = found.oddsRatio();
    node.putObject("odds_ratio").put("value", odds.value()).put("low", odds.low()).put("high", odds.high());
    node.put("p_adjusted", found.pAdjusted()).put("coverage", found.coverage()).put("score", found.score()).put("ochiai", found.ochiai());
    examples(node.putArray("examples"), found.examples());
    return node;
  }

  private ArrayNode conditions(ArrayNode array, List<Condition> conditions) {
    conditions.forEach(each -> array.add(ConditionDocument.of(each, finding.redaction())));
    return array;
  }

  private void examples(ArrayNode array, List<String> ids) {
    for (String id : ids) {
      String fault = finding.selected().seen().stream()
          .filter(each -> each.id().equals(id))
          .flatMap(each -> each.capture().fault().stream())
          .map(CapturedFault::id)
          .findFirst()
          .orElse("");
      array.addObject().put("capture", id).put("fault", fault.isEmpty() ? null : fault);
    }
  }

  private static String summary(ArrayNode conditions, Explanation.Counts counts) {
    String words = StreamSupport.stream(conditions.spliterator(), false).map(ComparisonDocument::words).collect(Collectors.joining(" and "));
    return "%s: %d of %d selected, %d of %d of the baseline".formatted(
        words, counts.failingWith(), counts.failingWith() + counts.failingWithout(), counts.passingWith(), counts.passingWith() + counts.passingWithout());
  }

  /// As people read it: `field:age >= 249`, `client = 'batch-7'`, `field:age is missing`.
  private static String words(JsonNode condition) {
    JsonNode value = condition.path("value");
    boolean quoted = value.isTextual() && condition.path("operator").asText().equals("=");
    return condition.path("dimension").asText() + " " + condition.path("operator").asText() + " " + (quoted ? "'" + value.asText() + "'" : value.isValueNode() ? value.asText() : value.toString());
  }
}
