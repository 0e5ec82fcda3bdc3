package dev.faultline.serving.declaration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Pattern;

/// One place in a document and what stands there, possibly nothing.
///
/// Reading never throws: what does not fit becomes a problem with the place's path, and the reader goes on with a stand-in. The file
/// is longer than most because every kind of value that people declare is read here, and only here.
public final class Declared {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB)");
  private static final Pattern PLAIN_KEY = Pattern.compile("[\\p{L}\\p{N}_/:-]+");
  private static final int GOT_LENGTH_MAX = 60;

  private final Document document;
  private final JsonPointer pointer;
  /// `inputs.speed.range[0]`; a key that could be misread stands in quotes.
  private final String path;
  private final JsonNode node;
  private final Set<String> known = new LinkedHashSet<>();

  Declared(Document document, JsonPointer pointer, String path, JsonNode node) {
    this.document = document;
    this.pointer = pointer;
    this.path = path;
    this.node = node;
  }

  /// Whether something stands here. An explicit null counts as nothing.
  public boolean isPresent() {
    return !node.isMissingNode() && !node.isNull();
  }

  /// Whether this is a mapping with the key, whatever stands there.
  public boolean has(String key) {
    return node.has(key);
  }

  public boolean isList() {
    return node.isArray();
  }

  public boolean isText() {
    return node.isTextual();
  }

  public boolean isNumber() {
    return node.isNumber();
  }

  public boolean isInteger() {
    return node.isIntegralNumber();
  }

  /// The file and the path in it, as problems name it.
  public String where() {
    return document.sourceOf(pointer) + (path.isEmpty() ? "" : ": " + path);
  }

  public void problem(String message) {
    document.problems().add(where(), message);
  }

  public void problem(String message, RuntimeException cause) {
    document.problems().add(where(), message, cause);
  }

  /// How many problems there are so far in the whole document: lets a reader see whether it met any.
  public int problemCount() {
    return document.problems().count();
  }

  /// The member of a mapping, which from now on is a known key.
  public Declared at(String key) {
    known.add(key);
    return member(key);
  }

  /// A problem for each key of this mapping that nobody asked for.
  public void rejectOthers() {
    if (isMapping()) {
      node.fieldNames().forEachRemaining(key -> {
        if (!known.contains(key)) {
          member(key).problem("is not a key that is read here" + Hint.of(key, known) + " (expected: " + String.join(", ", known) + ")");
        }
      });
    }
  }

  /// A problem for each key that is not among `names`, which are all of one `kind`, such as `input`.
  public void rejectUnknown(String kind, Collection<String> names) {
    for (var member : members().entrySet()) {
      if (!names.contains(member.getKey())) {
        member.getValue().problem("names no " + kind + Hint.of(member.getKey(), names) + " (expected: " + listed(names) + ")");
      }
    }
  }

  /// The members of a mapping in order; empty when there is nothing.
  public Map<String, Declared> members() {
    var members = new LinkedHashMap<String, Declared>();
    if (isPresent() && isMapping()) {
      node.fieldNames().forEachRemaining(key -> members.put(key, member(key)));
    }
    return members;
  }

  /// The elements of a list; empty when there is nothing.
  public List<Declared> elements() {
    var elements = new ArrayList<Declared>();
    if (isPresent() && !node.isArray()) {
      expected("a list");
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      elements.add(new Declared(document, pointer.appendIndex(i), path + "[" + i + "]", node.get(i)));
    }
    return elements;
  }

  public String text(String absent) {
    if (!isPresent()) {
      return absent;
    }
    if (!node.isTextual()) {
      expected("a text" + (node.isValueNode() ? ": write it in quotes" : ""));
      return absent;
    }
    return node.textValue();
  }

  public String requiredText() {
    if (!isPresent()) {
      problem("is missing (expected: a text)");
    }
    return text("");
  }

  public List<String> texts() {
    return elements().stream().map(Declared::requiredText).toList();
  }

  public double number(double absent) {
    return number(absent, _ -> true, "a number");
  }

  /// `expected` says in words what `fits` accepts.
  public double number(double absent, DoublePredicate fits, String expected) {
    if (!isPresent()) {
      return absent;
    }
    if (!node.isNumber() || !fits.test(node.doubleValue())) {
      expected(expected);
      return absent;
    }
    return node.doubleValue();
  }

  public long integer(long absent, long min, long max) {
    if (!isPresent()) {
      return absent;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < min || node.longValue() > max) {
      expected("an integer from " + min + " to " + max);
      return absent;
    }
    return node.longValue();
  }

  public boolean flag(boolean absent) {
    if (!isPresent()) {
      return absent;
    }
    if (!node.isBoolean()) {
      expected("true or false");
      return absent;
    }
    return node.booleanValue();
  }

  /// A constant of an enum by its lower-case name.
  public <E extends Enum<E>> E choice(Class<E> type, E absent) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    String name = word(names).orElse(absent.name());
    return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
  }

  /// One of a few words; empty when there is nothing or something else, which is a problem.
  public Optional<String> word(Collection<String> words) {
    if (!isPresent()) {
      return Optional.empty();
    }
    if (!node.isTextual() || !words.contains(node.textValue())) {
      String hint = node.isTextual() ? Hint.of(node.textValue(), words) : "";
      problem("is " + shown() + hint + " (expected: " + String.join(", ", words) + ")");
      return Optional.empty();
    }
    return Optional.of(node.textValue());
  }

  /// A duration such as `250ms`, `5s`, `2m`, in milliseconds.
  public long millis(long absent, long max) {
    if (!isPresent()) {
      return absent;
    }
    var match = DURATION.matcher(node.isTextual() ? node.textValue() : "");
    long millis = match.matches() ? Long.parseLong(match.group(1)) * unitMillis(match.group(2)) : 0;
    if (millis < 1 || millis > max) {
      expected("a duration such as 250ms or 5s, at most " + max / 1000 + "s");
      return absent;
    }
    return millis;
  }

  /// A size such as `512MiB` or `2GiB`, in bytes.
  public long bytes(long absent, long max) {
    if (!isPresent()) {
      return absent;
    }
    var match = SIZE.matcher(node.isTextual() ? node.textValue() : "");
    long bytes = match.matches() ? Long.parseLong(match.group(1)) << unitShift(match.group(2)) : 0;
    if (bytes < 1 || bytes > max) {
      expected("a size such as 512MiB or 2GiB, at most " + (max >> unitShift("GiB")) + "GiB");
      return absent;
    }
    return bytes;
  }

  /// What stands here as plain Java values: maps, lists, String, Integer, Long, BigInteger, Double, Boolean.
  public Map<String, Object> plainMembers() {
    var plain = new LinkedHashMap<String, Object>();
    members().forEach((key, value) -> {
      if (value.isPresent()) {
        plain.put(key, MAPPER.convertValue(value.node, Object.class));
      }
    });
    return plain;
  }

  /// A scalar as people wrote it; empty for a list, a mapping or nothing.
  public Optional<String> scalar() {
    return node.isValueNode() && isPresent() ? Optional.of(node.asText()) : Optional.empty();
  }

  public void expected(String what) {
    problem("is " + shown() + " (expected: " + what + ")");
  }

  /// What stands here, for a message: shortened, texts in quotes.
  public String shown() {
    String text = node.isMissingNode() ? "missing" : node.isTextual() ? "'" + node.textValue() + "'" : node.toString();
    return text.length() <= GOT_LENGTH_MAX ? text : text.substring(0, GOT_LENGTH_MAX) + "...";
  }

  /// Names for a message, of a long list only the first.
  public static String listed(Collection<String> names) {
    String first = String.join(", ", names.stream().limit(12).toList());
    return names.isEmpty() ? "none" : names.size() > 12 ? first + ", ... " + names.size() + " in all" : first;
  }

  private boolean isMapping() {
    if (isPresent() && !node.isObject()) {
      expected("a mapping");
    }
    return node.isObject();
  }

  private Declared member(String key) {
    JsonNode found = node.isObject() && node.has(key) ? node.get(key) : MissingNode.getInstance();
    return new Declared(document, pointer.appendProperty(key), path + (path.isEmpty() ? "" : ".") + quoted(key), found);
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> throw new IllegalArgumentException(unit);
    };
  }

  private static int unitShift(String unit) {
    return switch (unit) {
      case "KiB" -> 10;
      case "MiB" -> 20;
      case "GiB" -> 30;
      default -> throw new IllegalArgumentException(unit);
    };
  }

  private static String quoted(String key) {
    return PLAIN_KEY.matcher(key).matches() ? key : "'" + key + "'";
  }
}
