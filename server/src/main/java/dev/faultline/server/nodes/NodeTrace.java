package dev.faultline.server.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What the engine wrote of its runs: an event a line, in Chrome's trace format, nodes before the run that they belong to and those of a
/// body before the control node that ran it.
///
/// A node's own time is what is left of it without the nodes that ran inside it. The engine counts whole microseconds and drops the rest.
final class NodeTrace {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String KERNEL = "_kernel_time";

  /// A node of the graph that the engine runs.
  record EngineNode(String name, String op) {}

  /// Microseconds: of the node itself, and with what ran inside it. `calls` in one run.
  record Spent(long self, long whole, int calls) {
    Spent plus(Spent more) {
      return new Spent(self + more.self, whole + more.whole, calls + more.calls);
    }
  }

  /// One run: its nodes, what it took as a whole, and what the session's arena held in bytes at the end.
  record Run(Map<EngineNode, Spent> nodes, long micros, long arenaBytes) {
    Run {
      nodes = Map.copyOf(nodes);
    }
  }

  private record Pending(long start, long micros) {}

  private final List<Run> runs = new ArrayList<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private Map<EngineNode, Spent> nodes = new HashMap<>();
  private long arenaBytes;
  private int unread;

  private NodeTrace() {}

  /// Reads every file of a folder.
  static NodeTrace of(Path folder) throws IOException {
    var trace = new NodeTrace();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        trace.read(file);
      }
    }
    return trace;
  }

  /// In the order in which they ran.
  List<Run> runs() {
    return List.copyOf(runs);
  }

  /// Lines that were no event.
  int unread() {
    return unread;
  }

  private void read(Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = line.strip();
        if (text.startsWith("{")) {
          event(text.endsWith(",") ? text.substring(0, text.length() - 1) : text);
        }
      }
    }
  }

  private void event(String text) {
    try {
      JsonNode event = MAPPER.readTree(text);
      String name = event.path("name").asText();
      if (event.path("cat").asText().equals("Node") && name.endsWith(KERNEL)) {
        node(name.substring(0, name.length() - KERNEL.length()), event);
      } else if (name.equals("model_run")) {
        runs.add(new Run(nodes, event.path("dur").asLong(), arenaBytes));
        nodes = new HashMap<>();
        pending.clear();
      }
    } catch (JsonProcessingException e) {
      // the engine does not escape names, so that a strange one spoils its line
      unread++;
    }
  }

  private void node(String name, JsonNode event) {
    long start = event.path("ts").asLong();
    long micros = event.path("dur").asLong();
    long inside = 0;
    while (!pending.isEmpty() && pending.peek().start() >= start) {
      inside += pending.pop().micros();
    }
    pending.push(new Pending(start, micros));
    arenaBytes = event.path("args").path("mem_arena_held").asLong(arenaBytes);
    nodes.merge(new EngineNode(name, event.path("args").path("op_name").asText()), new Spent(Math.max(0, micros - inside), micros, 1), Spent::plus);
  }
}
