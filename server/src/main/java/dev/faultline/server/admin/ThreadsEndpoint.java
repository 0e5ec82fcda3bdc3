package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.threads.DumpText;
import dev.faultline.server.threads.ThreadDump;
import dev.faultline.server.threads.ThreadDump.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// `threads`: what every thread is doing now, and for which request; as JSON or as text.
final class ThreadsEndpoint {
  private final ThreadDump dump;

  ThreadsEndpoint(ThreadDump dump) {
    this.dump = dump;
  }

  Answer dump(Call call) {
    Map<String, String> query = Query.given(call, List.of("busy", "format"), List.of());
    String format = choice("format", query.getOrDefault("format", "json"), List.of("json", "text"));
    Scope scope = choice("busy", query.getOrDefault("busy", "false"), List.of("true", "false")).equals("true") ? Scope.BUSY : Scope.ALL;
    try {
      ObjectNode document = dump.document(scope);
      return format.equals("json")
          ? Json.answer(document)
          : Answer.ok(Payload.of(DumpText.of(document).getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8"));
    } catch (IOException e) {
      throw new UncheckedIOException("the JVM's thread dump cannot be written or read in the data folder's scratch", e);
    }
  }

  private static String choice(String name, String given, List<String> expected) {
    if (!expected.contains(given)) {
      throw Refusal.badRequest("parameter '" + name + "' is '" + given + "' (expected: one of " + String.join(", ", expected) + ")");
    }
    return given;
  }
}
