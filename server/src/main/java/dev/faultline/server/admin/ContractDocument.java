package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A contract as JSON, there and back: what `models` shows of a version, and what a client makes a contract of again.
///
/// `input_rules` and `promises` are the rules and expectations, one object each: `field`, `column` (null for the whole tensor), `kind`, and
/// what the kind needs. An open end of a range is null. `rules` and `expectations` are the same as text, for people.
public final class ContractDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ContractDocument() {}

  public static ObjectNode of(Contract contract) {
    ObjectNode node = NODES.objectNode();
    texts(node.putArray("sources"), contract.sources());
    ArrayNode inputs = node.putArray("inputs");
    contract.inputs().forEach(spec -> inputs.add(tensor(spec)));
    ArrayNode outputs = node.putArray("outputs");
    contract.outputs().forEach(spec -> outputs.add(tensor(spec)));
    texts(node.putArray("rules"), contract.rules().stream().map(String::valueOf).toList());
    texts(node.putArray("expectations"), contract.expectations().stream().map(String::valueOf).toList());
    ArrayNode rules = node.putArray("input_rules");
    contract.rules().forEach(rule -> rules.add(rule(rule)));
    ArrayNode promises = node.putArray("promises");
    contract.expectations().forEach(expectation -> promises.add(promise(expectation)));
    return node;
  }

  /// The contract that a document speaks of; what it does not know is left out.
  public static Contract contract(JsonNode document) {
    var rules = new ArrayList<Rule>();
    document.path("input_rules").forEach(each -> rule(each).ifPresent(rules::add));
    var promises = new ArrayList<Expectation>();
    document.path("promises").forEach(each -> promise(each).ifPresent(promises::add));
    return new Contract(specs(document.path("inputs")), specs(document.path("outputs")), rules, promises, texts(document.path("sources")));
  }

  private static ObjectNode tensor(TensorSpec spec) {
    ObjectNode tensor = NODES.objectNode().put("name", spec.name()).put("datatype", spec.type().name());
    ArrayNode shape = tensor.putArray("shape");
    spec.wireShape().forEach(shape::add);
    texts(tensor.putArray("dimensions"), spec.dimensions().stream().map(String::valueOf).toList());
    tensor.put("optional", spec.presence() == TensorSpec.Presence.OPTIONAL);
    texts(tensor.putArray("columns"), spec.columns());
    return tensor;
  }

  private static List<TensorSpec> specs(JsonNode array) {
    var specs = new ArrayList<TensorSpec>();
    array.forEach(each -> DataType.find(each.path("datatype").asText()).ifPresent(type -> specs.add(new TensorSpec(
        each.path("name").asText(),
        type,
        texts(each.path("dimensions")).stream().map(ContractDocument::dimension).toList(),
        texts(each.path("columns")),
        each.path("optional").asBoolean() ? TensorSpec.Presence.OPTIONAL : TensorSpec.Presence.REQUIRED))));
    return specs;
  }

  private static Dimension dimension(String text) {
    if (text.equals("-1")) {
      return new Dimension.Free();
    }
    return text.matches("\\d{1,18}") ? new Dimension.Fixed(Long.parseLong(text)) : new Dimension.Symbolic(text);
  }

  private static ObjectNode rule(Rule rule) {
    return switch (rule) {
      case Rule.Nullable(var field) -> entry(field, "nullable");
      case Rule.Finite(var field) -> entry(field, "finite");
      case Rule.Range(var field, double min, double max) -> bounds(entry(field, "range"), min, max);
      case Rule.AllowedValues(var field, var values) -> values(entry(field, "values"), values);
      case Rule.Pattern(var field, var regex) -> entry(field, "pattern").put("regex", regex.pattern());
      case Rule.Length(var field, int min, int max) -> entry(field, "length").put("min", min).put("max", max);
      case Rule.Rows(var field, long min, long max) -> entry(field, "rows").put("min", min).put("max", max);
    };
  }

  private static Optional<Rule> rule(JsonNode node) {
    FieldRef field = field(node);
    return switch (node.path("kind").asText()) {
      case "nullable" -> Optional.of(new Rule.Nullable(field));
      case "finite" -> Optional.of(new Rule.Finite(field));
      case "range" -> Optional.of(new Rule.Range(field, low(node), high(node)));
      case "values" -> Optional.of(new Rule.AllowedValues(field, values(node)));
      case "pattern" -> Optional.of(new Rule.Pattern(field, Pattern.compile(node.path("regex").asText())));
      case "length" -> Optional.of(new Rule.Length(field, node.path("min").asInt(), node.path("max").asInt()));
      case "rows" -> Optional.of(new Rule.Rows(field, node.path("min").asLong(), node.path("max").asLong()));
      default -> Optional.empty();
    };
  }

  private static ObjectNode promise(Expectation expectation) {
    return promiseBody(expectation).put("mode", expectation.mode().name());
  }

  private static ObjectNode promiseBody(Expectation expectation) {
    return switch (expectation) {
      case Expectation.Finite(var field, var _) -> entry(field, "finite");
      case Expectation.Range(var field, double min, double max, var _) -> bounds(entry(field, "range"), min, max);
      case Expectation.Sum(var field, double total, double tolerance, var _) -> entry(field, "sum").put("total", total).put("tolerance", tolerance);
      case Expectation.AllowedValues(var field, var values, var _) -> values(entry(field, "values"), values);
      case Expectation.OfShape(var field, var dimensions, var _) -> {
        ObjectNode entry = entry(field, "shape");
        texts(entry.putArray("dimensions"), dimensions.stream().map(String::valueOf).toList());
        yield entry;
      }
    };
  }

  private static Optional<Expectation> promise(JsonNode node) {
    FieldRef field = field(node);
    Expectation.Mode mode = node.path("mode").asText().equals("OBSERVE") ? Expectation.Mode.OBSERVE : Expectation.Mode.ENFORCE;
    return switch (node.path("kind").asText()) {
      case "finite" -> Optional.of(new Expectation.Finite(field, mode));
      case "range" -> Optional.of(new Expectation.Range(field, low(node), high(node), mode));
      case "sum" -> Optional.of(new Expectation.Sum(field, node.path("total").asDouble(), node.path("tolerance").asDouble(), mode));
      case "values" -> Optional.of(new Expectation.AllowedValues(field, values(node), mode));
      case "shape" -> Optional.of(new Expectation.OfShape(field, texts(node.path("dimensions")).stream().map(ContractDocument::dimension).toList(), mode));
      default -> Optional.empty();
    };
  }

  private static ObjectNode entry(FieldRef field, String kind) {
    return NODES.objectNode().put("field", field.tensor()).put("column", field.isWholeTensor() ? null : field.column()).put("kind", kind);
  }

  private static FieldRef field(JsonNode node) {
    return new FieldRef(node.path("field").asText(), node.path("column").isTextual() ? node.path("column").asText() : "");
  }

  private static ObjectNode bounds(ObjectNode entry, double min, double max) {
    return entry.put("min", Double.isInfinite(min) ? null : (Double) min).put("max", Double.isInfinite(max) ? null : (Double) max);
  }

  private static double low(JsonNode node) {
    return node.path("min").isNumber() ? node.path("min").asDouble() : Double.NEGATIVE_INFINITY;
  }

  private static double high(JsonNode node) {
    return node.path("max").isNumber() ? node.path("max").asDouble() : Double.POSITIVE_INFINITY;
  }

  private static ObjectNode values(ObjectNode entry, Set<String> values) {
    texts(entry.putArray("values"), values);
    return entry;
  }

  private static Set<String> values(JsonNode node) {
    return new LinkedHashSet<>(texts(node.path("values")));
  }

  private static void texts(ArrayNode array, Collection<String> texts) {
    texts.forEach(array::add);
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
