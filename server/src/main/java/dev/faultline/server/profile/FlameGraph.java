package dev.faultline.server.profile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.profile.Stacks.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// A profile's stacks as a page with a flame graph, roots above, and as collapsed lines (`root;frame;top count`, Brendan Gregg's format). Model
/// version, stage and step are the first boxes of every stack.
final class FlameGraph {
  /// Boxes narrower than this share of the whole are left out of the page, which bounds its size.
  private static final double SHARE_MIN = 0.0005;

  private static final class Node {
    final String kind;
    final Map<String, Node> children = new LinkedHashMap<>();
    long value;

    Node(String kind) {
      this.kind = kind;
    }

    Node child(String name, String ofKind) {
      return children.computeIfAbsent(name, _ -> new Node(ofKind));
    }
  }

  private final Node root = new Node("root");

  FlameGraph(Wish wish, Stacks stacks) {
    stacks.forEach((stack, weight) -> {
      if (wish.shows(stack.owner())) {
        add(stack, weight);
      }
    });
  }

  private void add(Stack stack, long weight) {
    root.value += weight;
    Node at = root;
    for (String name : stack.owner().path()) {
      at = at.child(name, stack.owner().isRest() ? "rest" : "owner");
      at.value += weight;
    }
    for (Frame frame : stack.frames()) {
      at = at.child(frame.label(), frame.kind().name().toLowerCase(Locale.ROOT));
      at.value += weight;
    }
  }

  /// The page: one file without references to others.
  String html(ObjectNode about) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.set("about", about);
    data.set("root", json("all", root, Math.max(1, (long) (root.value * SHARE_MIN))));
    return template().replace("/*DATA*/null", data.toString().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"));
  }

  private static ObjectNode json(String name, Node node, long valueMin) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("n", name).put("v", node.value).put("k", node.kind);
    ArrayNode children = json.putArray("c");
    node.children.forEach((key, child) -> {
      if (child.value >= valueMin) {
        children.add(json(key, child, valueMin));
      }
    });
    return json;
  }

  private static String template() {
    try (InputStream page = FlameGraph.class.getResourceAsStream("flamegraph.html")) {
      if (page == null) {
        throw new IllegalStateException("the build lacks flamegraph.html");
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("flamegraph.html of this build cannot be read", e);
    }
  }

  static String collapsed(Wish wish, Stacks stacks) {
    var lines = new ArrayList<String>();
    stacks.forEach((stack, weight) -> {
      if (wish.shows(stack.owner())) {
        lines.add(line(stack) + " " + weight);
      }
    });
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private static String line(Stack stack) {
    var line = new StringJoiner(";");
    List<String> path = stack.owner().path();
    path.forEach(part -> line.add(part.replace(';', ',')));
    stack.frames().forEach(frame -> line.add(frame.label()));
    return line.toString();
  }
}
