package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.NearestName;
import dev.faultline.server.contract.ContractOrderException.Kind;
import dev.faultline.serving.declaration.YamlEdit;
import dev.faultline.serving.declaration.YamlEdit.EditException;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A rule as people write it, such as `age in 0..120`, or as the mend of a fault gives it: `contract.yaml: inputs: {age: {range: [0, 120]}}`.
///
/// Longer than most because it is the whole of a small language; `docs/how-to/contracts.md` lists its sentences.
final class RuleText {
  private static final String NUMBER = "[-+]?[0-9][0-9_]*(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?";
  private static final Pattern RANGE = Pattern.compile("(\\S.*?)\\s+(in|length|rows)\\s+(" + NUMBER + ")?\\s*\\.\\.\\s*(" + NUMBER + ")?");
  private static final Pattern BOUND = Pattern.compile("(\\S.*?)\\s*(>=|<=|>|<)\\s*(" + NUMBER + ")");
  private static final Pattern VALUES = Pattern.compile("(\\S.*?)\\s+in\\s+[\\[{](.+)[]}]");
  private static final Pattern FLAG = Pattern.compile("(\\S.*?)\\s+(?:is\\s+)?(finite|nullable|optional)");
  private static final Pattern MATCHES = Pattern.compile("(\\S.*?)\\s+matches\\s+(.+)");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final String EXPECTED = "expected: one of 'age in 0..120', 'age >= 0', 'age <= 120', 'species in [gull, owl]', 'species length 1..80', 'code matches [A-Z]+', "
      + "'speed finite', 'speed nullable', 'image rows 1..64', or YAML such as 'inputs: {age: {range: [0, 120]}}'";

  /// One value in its place. An end of a range that is not said stays as it is.
  private record Change(List<String> path, String value) {
    Change {
      path = List.copyOf(path);
    }
  }

  private final List<Change> changes;
  private final Optional<Limits> limits;

  /// Ends of a field's numbers; an end that is not said is empty.
  private record Limits(List<String> place, String key, String low, String high) {
    Limits {
      place = List.copyOf(place);
    }
  }

  private RuleText(List<Change> changes, Optional<Limits> limits) {
    this.changes = List.copyOf(changes);
    this.limits = limits;
  }

  static RuleText parse(String text, Contract contract) throws ContractOrderException {
    String rule = text.strip().replaceFirst("^contract\\.yaml:\\s*", "");
    if (rule.startsWith("inputs:") || rule.startsWith("outputs:") || rule.startsWith("{")) {
      return ofYaml(rule);
    }
    List<Reading> readings = List.of(RuleText::range, RuleText::bound, RuleText::values, RuleText::flag, RuleText::matching);
    for (Reading reading : readings) {
      Optional<RuleText> read = reading.of(rule, contract);
      if (read.isPresent()) {
        return read.get();
      }
    }
    throw new ContractOrderException(Kind.INVALID, "'" + text + "' is no rule (" + EXPECTED + ")");
  }

  /// One form of sentence; empty when the rule is not of it.
  private interface Reading {
    Optional<RuleText> of(String rule, Contract contract) throws ContractOrderException;
  }

  /// The text with the rule in it.
  String into(String contract) throws ContractOrderException {
    try {
      var edit = new YamlEdit(contract);
      for (Change change : changes) {
        edit.put(change.path(), change.value(), "");
      }
      if (limits.isPresent()) {
        limit(edit, limits.get());
      }
      return edit.text();
    } catch (EditException e) {
      throw ContractDesk.unwritable(e);
    }
  }

  /// Ends that stand there already and are not spoken of stay; `minimum` and `maximum` stay what they are.
  private static void limit(YamlEdit edit, Limits limits) throws EditException {
    boolean apart = limits.key().equals("range") && (edit.find(and(limits.place(), "minimum")).isPresent() || edit.find(and(limits.place(), "maximum")).isPresent());
    if (apart) {
      put(edit, and(limits.place(), "minimum"), limits.low());
      put(edit, and(limits.place(), "maximum"), limits.high());
      return;
    }
    Optional<JsonNode> there = edit.find(and(limits.place(), limits.key()));
    String low = limits.low().isEmpty() ? there.map(ends -> ends.path(0).asText("null")).orElse("null") : limits.low();
    String high = limits.high().isEmpty() ? there.map(ends -> ends.path(1).asText("null")).orElse("null") : limits.high();
    edit.put(and(limits.place(), limits.key()), "[" + low + ", " + high + "]", "");
  }

  private static void put(YamlEdit edit, List<String> path, String value) throws EditException {
    if (!value.isEmpty()) {
      edit.put(path, value, "");
    }
  }

  private static Optional<RuleText> range(String rule, Contract contract) throws ContractOrderException {
    Matcher match = RANGE.matcher(rule);
    if (!match.matches()) {
      return Optional.empty();
    }
    String low = said(match.group(3));
    String high = said(match.group(4));
    String key = match.group(2).equals("in") ? "range" : match.group(2);
    if (low.isEmpty() && high.isEmpty()) {
      throw new ContractOrderException(Kind.INVALID, "'" + rule + "' has no end (expected: at least one, such as 0..120 or ..120)");
    }
    // a length has two ends in the file
    String shortest = key.equals("length") && low.isEmpty() ? "0" : low;
    String longest = key.equals("length") && high.isEmpty() ? String.valueOf(Integer.MAX_VALUE) : high;
    return Optional.of(new RuleText(List.of(), Optional.of(new Limits(place(match.group(1), contract), key, shortest, longest))));
  }

  private static Optional<RuleText> bound(String rule, Contract contract) throws ContractOrderException {
    Matcher match = BOUND.matcher(rule);
    if (!match.matches()) {
      return Optional.empty();
    }
    FieldRef field = field(match.group(1), contract);
    String end = inclusive(match.group(2), match.group(3), contract.findInput(field.tensor()).map(TensorSpec::type).orElse(DataType.FP64));
    boolean below = match.group(2).startsWith(">");
    return Optional.of(new RuleText(List.of(), Optional.of(new Limits(place(field), "range", below ? end : "", below ? "" : end))));
  }

  /// Rules are inclusive: for whole numbers `> 3` is `>= 4`.
  private static String inclusive(String operator, String number, DataType type) throws ContractOrderException {
    if (operator.length() == 2) {
      return said(number);
    }
    if (type.isFloating() || !WHOLE.matcher(number).matches()) {
      throw new ContractOrderException(Kind.INVALID, "'" + operator + " " + number + "' leaves its end out, which a rule about floating numbers cannot say (expected: " + operator + "= and the last number that is good)");
    }
    return String.valueOf(Long.parseLong(number) + (operator.equals(">") ? 1 : -1));
  }

  private static Optional<RuleText> values(String rule, Contract contract) throws ContractOrderException {
    Matcher match = VALUES.matcher(rule);
    if (!match.matches()) {
      return Optional.empty();
    }
    FieldRef field = field(match.group(1), contract);
    boolean texts = contract.findInput(field.tensor()).map(spec -> spec.type() == DataType.BYTES).orElse(false);
    String list = Arrays.stream(match.group(2).split(",", -1)).map(String::strip).map(each -> texts ? quoted(each) : each).collect(Collectors.joining(", ", "[", "]"));
    return Optional.of(one(field, "values", list));
  }

  /// Quotes that somebody wrote are theirs.
  private static String quoted(String text) {
    return text.startsWith("\"") || text.startsWith("'") ? text : YamlEdit.scalar(text);
  }

  private static Optional<RuleText> flag(String rule, Contract contract) throws ContractOrderException {
    Matcher match = FLAG.matcher(rule);
    return match.matches() ? Optional.of(one(field(match.group(1), contract), match.group(2), "true")) : Optional.empty();
  }

  private static Optional<RuleText> matching(String rule, Contract contract) throws ContractOrderException {
    Matcher match = MATCHES.matcher(rule);
    return match.matches() ? Optional.of(one(field(match.group(1), contract), "pattern", YamlEdit.quoted(match.group(2)))) : Optional.empty();
  }

  private static RuleText one(FieldRef field, String key, String value) {
    return new RuleText(List.of(new Change(and(place(field), key), value)), Optional.empty());
  }

  /// Every leaf of the mapping is one value in its place.
  private static RuleText ofYaml(String rule) throws ContractOrderException {
    try {
      var read = new YamlEdit(rule.replaceFirst("\\s+\\([^()]*\\)$", ""));
      JsonNode tree = read.find(List.of()).orElseThrow(() -> new ContractOrderException(Kind.INVALID, "'" + rule + "' says nothing"));
      var changes = new ArrayList<Change>();
      leaves(tree, List.of(), changes);
      return new RuleText(changes, Optional.empty());
    } catch (EditException e) {
      throw new ContractOrderException(Kind.INVALID, "'" + rule + "' is no YAML mapping: " + e.getMessage(), e);
    }
  }

  private static void leaves(JsonNode tree, List<String> path, List<Change> into) {
    if (tree.isObject()) {
      tree.properties().forEach(member -> leaves(member.getValue(), and(path, member.getKey()), into));
    } else {
      // JSON is YAML
      into.add(new Change(path, tree.toString()));
    }
  }

  private static List<String> place(String name, Contract contract) throws ContractOrderException {
    return place(field(name, contract));
  }

  private static List<String> place(FieldRef field) {
    return field.isWholeTensor() ? List.of("inputs", field.tensor()) : List.of("inputs", field.tensor(), "fields", field.column());
  }

  /// An input, `tensor.column`, or a column that only one input has. The path of a fault's field is understood too: `inputs/age[3]`.
  private static FieldRef field(String written, Contract contract) throws ContractOrderException {
    String name = written.strip().replaceFirst("^inputs/", "").replaceFirst("\\[[0-9,]*]", "");
    List<FieldRef> fields = fields(contract);
    if (contract.findInput(name).isPresent()) {
      return FieldRef.of(name);
    }
    List<FieldRef> meant = fields.stream().filter(field -> field.toString().equals(name) || field.column().equals(name)).toList();
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    Set<String> known = new LinkedHashSet<>(fields.stream().map(FieldRef::toString).toList());
    if (meant.size() > 1) {
      throw new ContractOrderException(Kind.INVALID, "'" + name + "' is a column of several inputs (expected: one of " + meant.stream().map(FieldRef::toString).collect(Collectors.joining(", ")) + ")");
    }
    String hint = NearestName.of(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    throw new ContractOrderException(Kind.INVALID, "there is no field '" + name + "' (expected: one of " + known.stream().limit(20).collect(Collectors.joining(", ")) + (known.size() > 20 ? ", ..." : "") + hint + ")");
  }

  private static List<FieldRef> fields(Contract contract) {
    var fields = new ArrayList<FieldRef>();
    contract.inputs().forEach(spec -> {
      fields.add(FieldRef.of(spec.name()));
      spec.columns().forEach(column -> fields.add(new FieldRef(spec.name(), column)));
    });
    return fields;
  }

  private static String said(@Nullable String number) {
    return number == null ? "" : number.replace("_", "").replaceFirst("^\\+", "");
  }

  private static List<String> and(List<String> path, String name) {
    var longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
