package dev.faultline.evaluation.surface;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Condition;
import dev.faultline.evaluation.truth.Confidence;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads `faultline/verdict.v1` as a claim.
public final class ClaimFromVerdict {
  private final Family family;

  public ClaimFromVerdict(Family family) {
    this.family = family;
  }

  /// The claim of a verdict; no claim when there is no verdict.
  public Claim of(JsonNode verdict, long millis) {
    if (!verdict.isObject()) {
      return Claim.NONE;
    }
    var alternatives = new ArrayList<Claim>();
    verdict.path("alternatives").forEach(each -> alternatives.add(one(each)));
    return one(verdict).or(alternatives).spent(verdict.path("replays").asInt(), millis);
  }

  private Claim one(JsonNode verdict) {
    return new Claim(
        Confidence.of(text(verdict.path("confidence"))),
        Cause.of(text(verdict.path("cause"))),
        text(verdict.path("stage")),
        text(verdict.path("model").path("first_bad")),
        fields(verdict.path("fields")),
        text(verdict.path("node").path("name")),
        text(verdict.path("initializer").path("name")),
        step(verdict.path("step")),
        conditions(verdict.path("conditions")),
        verdict.path("fields").path(0).path("boundary").path("value").asDouble(Double.NaN),
        List.of(),
        0,
        0);
  }

  private static String step(JsonNode step) {
    return step.isObject() ? text(step.path("name")) : text(step);
  }

  private static List<Condition> conditions(JsonNode terms) {
    var conditions = new ArrayList<Condition>();
    terms.forEach(term -> conditions.add(new Condition(text(term.path("dimension")), text(term.path("operator")), value(term.path("value")))));
    return conditions;
  }

  private Set<Place> fields(JsonNode fields) {
    var places = new HashSet<Place>();
    fields.forEach(field -> places.add(place(field)));
    return places;
  }

  /// A column is known by its name, or by the last index.
  private Place place(JsonNode field) {
    String tensor = text(field.path("tensor"));
    List<String> columns = family.columns().getOrDefault(tensor, List.of());
    String column = text(field.path("column"));
    JsonNode index = field.path("index");
    if (columns.isEmpty()) {
      return Place.of(tensor);
    }
    if (column.isEmpty() && index.isArray() && !index.isEmpty()) {
      int last = index.get(index.size() - 1).asInt(-1);
      return new Place(tensor, last >= 0 && last < columns.size() ? columns.get(last) : "");
    }
    return new Place(tensor, column);
  }

  /// A list as JSON.
  private static String value(JsonNode value) {
    return value.isArray() ? value.toString() : text(value);
  }

  private static String text(JsonNode node) {
    return node.isValueNode() && !node.isNull() ? node.asText() : "";
  }
}
