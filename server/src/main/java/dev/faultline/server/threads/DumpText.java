package dev.faultline.server.threads;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/// A thread dump as text, in the manner of `jcmd`, with the request in the head of each thread that works for one.
public final class DumpText {
  private final StringBuilder text = new StringBuilder();

  private DumpText() {}

  public static String of(JsonNode dump) {
    var text = new DumpText();
    text.line(String.format(Locale.ROOT, "threads of process %d at %s: %d at work for requests", dump.path("pid").asLong(), dump.path("taken_at").asText(), dump.path("busy").asLong()));
    if (!dump.path("deadlocked").isEmpty()) {
      text.line("DEADLOCK between threads " + dump.path("deadlocked"));
    }
    dump.path("threads").forEach(text::thread);
    if (dump.path("left_out").asLong() > 0) {
      text.line("");
      text.line(dump.path("left_out").asLong() + " threads more are not shown");
    }
    return text.text.toString();
  }

  private void thread(JsonNode thread) {
    line("");
    line("\"" + thread.path("name").asText() + "\" #" + thread.path("id").asLong() + (thread.path("virtual").asBoolean() ? " virtual" : "") + " " + thread.path("state").asText());
    if (thread.has("role")) {
      line("  " + work(thread));
    }
    note(thread, "blocked_on", "blocked on");
    note(thread, "waiting_on", "waiting on");
    note(thread, "parked_on", "parked on");
    thread.path("frames").forEach(frame -> line("    at " + frame.asText()));
    thread.path("owns").forEach(lock -> line("  owns " + lock.asText()));
  }

  private static String work(JsonNode thread) {
    String model = thread.path("model").asText();
    String where = model.isEmpty() ? "" : " " + model + "/" + thread.path("version").asText();
    String worker = thread.has("worker_pid") ? ", in process " + thread.path("worker_pid").asLong() : "";
    return String.format(
        Locale.ROOT, "%s of request %s:%s %s for %.1f ms%s", thread.path("role").asText().equals("LANE") ? "lane" : "thread", thread.path("request_id").asText(), where, thread.path("stage").asText(), thread.path("running_ms").asDouble(), worker);
  }

  private void note(JsonNode thread, String member, String words) {
    if (thread.has(member)) {
      line("  " + words + " " + thread.path(member).asText());
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
