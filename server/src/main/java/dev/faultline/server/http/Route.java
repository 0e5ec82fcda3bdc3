package dev.faultline.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A method and a path with open parts, such as `POST /v1/models/{model}:predict`, and who answers it.
public record Route(String method, String template, Endpoint endpoint) {

  public static Route get(String template, Endpoint.Answering answering) {
    return new Route("GET", template, Endpoint.answering(answering));
  }

  public static Route post(String template, Endpoint endpoint) {
    return new Route("POST", template, endpoint);
  }

  /// The template taken apart once, so that matching looks at texts only.
  Pattern pattern() {
    return new Pattern(parts(template).stream().map(Part::of).toList());
  }

  /// The parts between slashes; one slash at the end does not count.
  static List<String> parts(String path) {
    var parts = new ArrayList<String>();
    int end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
    int from = 1;
    while (from < end) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      parts.add(path.substring(from, to));
      from = to + 1;
    }
    return parts;
  }

  /// One part of a path: a fixed text when `variable` is empty, else an open part before a fixed suffix.
  private record Part(String variable, String suffix) {
    static Part of(String part) {
      int close = part.indexOf('}');
      return part.startsWith("{") && close > 0 ? new Part(part.substring(1, close), part.substring(close + 1)) : new Part("", part);
    }

    boolean matches(String given) {
      return variable.isEmpty() ? given.equals(suffix) : given.length() > suffix.length() && given.endsWith(suffix);
    }
  }

  record Pattern(List<Part> parts) {

    Optional<Map<String, String>> match(List<String> given) {
      if (given.size() != parts.size()) {
        return Optional.empty();
      }
      for (int i = 0; i < given.size(); i++) {
        if (!parts.get(i).matches(given.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(variables(given));
    }

    private Map<String, String> variables(List<String> given) {
      var variables = new HashMap<String, String>();
      for (int i = 0; i < given.size(); i++) {
        Part part = parts.get(i);
        if (!part.variable().isEmpty()) {
          String text = given.get(i);
          variables.put(part.variable(), PercentEncoding.decode(text.substring(0, text.length() - part.suffix().length())));
        }
      }
      return variables;
    }
  }
}
