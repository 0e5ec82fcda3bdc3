package dev.faultline.serving.declaration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// A YAML text in which values are put in their place, while everything else, comments and order too, stays as it was written.
///
/// It changes characters, not a tree: it finds where the mapping stands into which the value belongs, and writes one line there. After each change
/// the text is read again; when it does not say exactly what it said before and the new value besides, the change is refused.
public final class YamlEdit {
  private String text;

  /// @throws EditException when the text is no YAML mapping
  public YamlEdit(String text) throws EditException {
    if (!tree(text).isObject()) {
      throw new EditException("the file is no mapping");
    }
    this.text = text;
  }

  /// Why a change was not made, and that nothing was.
  public static final class EditException extends Exception {
    EditException(String message) {
      super(message);
    }
  }

  public String text() {
    return text;
  }

  /// What stands at a path; empty when there is nothing.
  public Optional<JsonNode> find(List<String> path) throws EditException {
    JsonNode at = tree(text);
    for (String name : path) {
      at = at.path(name);
    }
    return at.isMissingNode() || at.isNull() ? Optional.empty() : Optional.of(at);
  }

  /// Puts a value, written in one line, at a path. Mappings on the way are made where there are none.
  ///
  /// @param comment stands behind the value where it can; may be empty
  /// @throws EditException when that cannot be done without rewriting what somebody wrote
  public void put(List<String> path, String value, String comment) throws EditException {
    JsonNode before = tree(text);
    JsonNode wanted = with(before, path, tree("v: " + value).path("v"));
    String changed = changed(path, value, comment);
    if (!says(changed, wanted)) {
      changed = changed(path, value, "");
    }
    if (!says(changed, wanted)) {
      throw new EditException("cannot write " + String.join(".", path) + ": " + value + " into this file without changing how the rest is written");
    }
    text = changed;
  }

  /// A text as a YAML scalar: plain where that is safe, in quotes otherwise.
  public static String scalar(String text) {
    return YamlText.scalar(text);
  }

  /// A text in quotes.
  public static String quoted(String text) {
    return YamlText.quoted(text);
  }

  private String changed(List<String> path, String value, String comment) throws EditException {
    Optional<YamlPlace> root = YamlFile.places(text);
    if (root.isEmpty()) {
      return appended(path, value, comment);
    }
    YamlPlace at = root.get();
    int depth = 0;
    int indent = at.column();
    while (depth < path.size() && at.members().containsKey(path.get(depth))) {
      indent = at.form() == YamlPlace.Form.BLOCK_MAPPING ? at.column() : indent;
      at = at.members().getOrDefault(path.get(depth), at);
      depth++;
    }
    List<String> rest = path.subList(depth, path.size());
    return rest.isEmpty() ? replaced(at, value, comment) : inserted(at, indent, rest, value, comment);
  }

  private String inserted(YamlPlace at, int indent, List<String> rest, String value, String comment) throws EditException {
    return switch (at.form()) {
      case BLOCK_MAPPING -> atLine(at.end(), YamlText.block(rest, value, comment, at.column()));
      case EMPTY -> atLine(at.end(), YamlText.block(rest, value, comment, indent + YamlText.STEP));
      case FLOW_MAPPING -> inFlow(at, YamlText.flow(rest, value), comment);
      case OTHER -> throw new EditException("where " + String.join(".", rest) + " belongs stands something that is no mapping");
    };
  }

  /// Behind the line in which the place before it ends.
  private String atLine(int place, String lines) {
    int end = lineEnd(place);
    return text.substring(0, end) + "\n" + lines + text.substring(end);
  }

  private String inFlow(YamlPlace mapping, String member, String comment) {
    int brace = mapping.end() - 1;
    int last = brace;
    while (Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    boolean first = mapping.members().isEmpty() || text.charAt(last - 1) == ',';
    String between = first ? (mapping.members().isEmpty() ? "" : " ") : ", ";
    return commented(text.substring(0, last) + between + member + text.substring(last), last, comment);
  }

  private String replaced(YamlPlace place, String value, String comment) {
    String gap = place.form() == YamlPlace.Form.EMPTY ? " " : "";
    return commented(text.substring(0, place.start()) + gap + value + text.substring(place.end()), place.start(), comment);
  }

  /// A comment behind the line of a place, which already ends in one when somebody wrote it.
  private static String commented(String changed, int place, String comment) {
    int end = changed.indexOf('\n', place);
    int line = end < 0 ? changed.length() : end;
    boolean has = comment.isEmpty() || changed.substring(place, line).contains(" #");
    return has ? changed : changed.substring(0, line) + YamlText.comment(comment) + changed.substring(line);
  }

  private String appended(List<String> path, String value, String comment) {
    String gap = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + gap + YamlText.block(path, value, comment, 0) + "\n";
  }

  private int lineEnd(int place) {
    int end = text.indexOf('\n', place);
    return end < 0 ? text.length() : end;
  }

  private static boolean says(String text, JsonNode wanted) {
    try {
      return tree(text).equals(wanted);
    } catch (EditException e) {
      return false;
    }
  }

  private static JsonNode with(JsonNode before, List<String> path, JsonNode value) throws EditException {
    if (path.isEmpty()) {
      return value;
    }
    if (!before.isObject() && !before.isMissingNode() && !before.isNull()) {
      throw new EditException("where " + String.join(".", path) + " belongs stands something that is no mapping");
    }
    ObjectNode copy = before.isObject() ? before.deepCopy() : JsonNodeFactory.instance.objectNode();
    copy.set(path.getFirst(), with(copy.path(path.getFirst()), path.subList(1, path.size()), value));
    return copy;
  }

  private static JsonNode tree(String text) throws EditException {
    var problems = new Problems();
    return YamlFile.parse(text, "the file", problems).map(Document.Source::content).orElseThrow(() -> new EditException(String.join("\n", problems.lines())));
  }
}
