package dev.faultline.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.server.nodes.NodeTrace.EngineNode;
import dev.faultline.server.nodes.NodeTrace.Spent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTraceTest {
  @TempDir Path folder;

  @Test
  void aControlNodesOwnTimeIsWithoutTheNodesThatRanInsideIt() throws Exception {
    NodeTrace trace = trace(
        node("before", "Add", 100, 10),
        node("body_a", "Mul", 115, 20),
        node("body_b", "Mul", 140, 5),
        node("loop", "Loop", 112, 50),
        node("after", "Exp", 170, 3),
        run(99, 90));
    assertThat(trace.runs()).singleElement().satisfies(run -> {
      assertThat(run.micros()).isEqualTo(90);
      assertThat(run.arenaBytes()).isEqualTo(4_096);
      assertThat(run.nodes()).containsEntry(new EngineNode("loop", "Loop"), new Spent(25, 50, 1));
      assertThat(run.nodes()).containsEntry(new EngineNode("before", "Add"), new Spent(10, 10, 1));
      assertThat(run.nodes()).containsEntry(new EngineNode("after", "Exp"), new Spent(3, 3, 1));
    });
  }

  @Test
  void aNodeThatRunsTwiceInARunIsCountedTogetherAndRunsAreApart() throws Exception {
    NodeTrace trace = trace(node("a", "Mul", 10, 4), node("a", "Mul", 20, 6), run(9, 20), node("a", "Mul", 50, 1), run(49, 3));
    assertThat(trace.runs()).hasSize(2);
    assertThat(trace.runs().getFirst().nodes()).containsEntry(new EngineNode("a", "Mul"), new Spent(10, 10, 2));
    assertThat(trace.runs().getLast().nodes()).containsEntry(new EngineNode("a", "Mul"), new Spent(1, 1, 1));
  }

  @Test
  void aLineThatANameSpoilsIsLeftOutAndCounted() throws Exception {
    NodeTrace trace = trace(node("a\"b", "Mul", 10, 4), node("c", "Mul", 20, 6), run(9, 20));
    assertThat(trace.unread()).isEqualTo(1);
    assertThat(trace.runs().getFirst().nodes()).hasSize(1);
  }

  private NodeTrace trace(String... events) throws Exception {
    Files.writeString(folder.resolve("node-times_1.json"), "[\n" + String.join(",\n", events) + "\n]\n");
    return NodeTrace.of(folder);
  }

  private static String node(String name, String op, long start, long micros) {
    return event("Node", name + "_kernel_time", start, micros, "\"op_name\" : \"" + op + "\",\"mem_arena_held\" : \"4096\"");
  }

  private static String run(long start, long micros) {
    return event("Session", "model_run", start, micros, "");
  }

  private static String event(String kind, String name, long start, long micros, String arguments) {
    return "{\"cat\" : \"%s\",\"pid\" :1,\"tid\" :2,\"dur\" :%d,\"ts\" :%d,\"ph\" : \"X\",\"name\" :\"%s\",\"args\" : {%s}}".formatted(kind, micros, start, name, arguments);
  }
}
