package dev.faultline.isolation.group;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message with its changing parts masked, so that the same error about another value reads the same. Words that name a tensor, node
/// or field of the model stay: they tell faults apart.
final class MessageTemplate {
  private static final int LENGTH_MAX = 512;

  /// In order of precedence; the group's name becomes the mask.
  private static final Pattern CHANGING = Pattern.compile(
      "(?<uuid>\\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\b)"
          + "|(?<url>\\b[a-z][a-z0-9+.-]*://[^\\s'\"]+)"
          + "|(?<hex>\\b(?:0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*[0-9])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{8,})\\b)"
          + "|(?<ip>\\b\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?\\b)"
          + "|(?<path>(?<![\\w/])(?:/[\\w.@+-]+){2,})"
          + "|(?<date>\\b\\d{4}-\\d{2}-\\d{2}(?:[T ][0-9:.]+(?:Z|[+-]\\d{2}:?\\d{2})?)?)"
          + "|(?<float>[+-]?\\b\\d+\\.\\d+(?:[eE][+-]?\\d+)?\\b|[+-]?\\b\\d+[eE][+-]?\\d+\\b)"
          + "|(?<int>(?<![\\w.])[+-]?\\d+\\b)"
          + "|(?<quoted>'[^']{0,200}'|\"[^\"]{0,200}\")");
  private static final String[] MASKS = {"uuid", "url", "hex", "ip", "path", "date", "float", "int", "quoted"};

  private MessageTemplate() {}

  static String of(String message, Set<String> knownNames) {
    String bounded = message.length() > LENGTH_MAX ? message.substring(0, LENGTH_MAX) : message;
    return CHANGING.matcher(bounded).replaceAll(match -> Matcher.quoteReplacement(masked(match, knownNames)));
  }

  private static String masked(java.util.regex.MatchResult match, Set<String> knownNames) {
    String text = match.group();
    return knownNames.contains(unquoted(text)) ? text : "<" + mask(match) + ">";
  }

  private static String mask(java.util.regex.MatchResult match) {
    for (String name : MASKS) {
      if (match.group(name) != null) {
        return name;
      }
    }
    throw new IllegalStateException("a match without a group");
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && (text.charAt(0) == '\'' || text.charAt(0) == '"');
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
