package dev.faultline.serving.declaration;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// How new members are written into a YAML file.
final class YamlText {
  /// By how much a nested mapping is indented.
  static final int STEP = 2;

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]*");
  private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private YamlText() {}

  static String scalar(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT));
    return plain ? text : quoted(text);
  }

  static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  /// One key a line, the value behind the last.
  static String block(List<String> path, String value, String comment, int indent) {
    var lines = new StringBuilder();
    for (int depth = 0; depth < path.size(); depth++) {
      lines.append(depth == 0 ? "" : "\n").append(" ".repeat(indent + depth * STEP)).append(scalar(path.get(depth))).append(':');
    }
    return lines.append(' ').append(value).append(comment(comment)).toString();
  }

  /// `a: {b: value}`
  static String flow(List<String> path, String value) {
    String rest = path.size() == 1 ? value : "{" + flow(path.subList(1, path.size()), value) + "}";
    return scalar(path.getFirst()) + ": " + rest;
  }

  static String comment(String comment) {
    return comment.isEmpty() ? "" : "  # " + comment.replaceAll("\\s+", " ");
  }
}
