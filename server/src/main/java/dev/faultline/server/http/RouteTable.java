package dev.faultline.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The routes of one port. The first that fits answers; HEAD is answered like GET, without the body.
public final class RouteTable {

  /// What a path leads to.
  sealed interface Match {
    record Found(Endpoint endpoint, Map<String, String> variables) implements Match {
      public Found {
        variables = Map.copyOf(variables);
      }
    }

    record WrongMethod(String allowed) implements Match {}

    record Unknown() implements Match {}
  }

  private record Entry(Route route, Route.Pattern pattern) {}

  private final List<Entry> entries;

  public RouteTable(List<Route> routes) {
    this.entries = routes.stream().map(route -> new Entry(route, route.pattern())).toList();
  }

  public List<Route> routes() {
    return entries.stream().map(Entry::route).toList();
  }

  Match match(String method, String rawPath) {
    List<String> parts = Route.parts(rawPath);
    String wanted = method.equals("HEAD") ? "GET" : method;
    var others = new ArrayList<String>(0);
    for (Entry entry : entries) {
      Optional<Map<String, String>> variables = entry.pattern.match(parts);
      if (variables.isPresent()) {
        if (entry.route.method().equals(wanted)) {
          return new Match.Found(entry.route.endpoint(), variables.get());
        }
        others.add(entry.route.method());
      }
    }
    return others.isEmpty() ? new Match.Unknown() : new Match.WrongMethod(allowed(others));
  }

  private static String allowed(List<String> methods) {
    var allowed = new TreeSet<>(methods);
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    return String.join(", ", allowed);
  }
}
