package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;

/// One capture, whole, as a page: the call, the stages, the steps, the tensors, the payload.
final class CaptureSheet {
  private static final int PAYLOAD_CHARS_MAX = 4_000;

  private final Terminal terminal;
  private final JsonNode capture;

  CaptureSheet(Terminal terminal, JsonNode capture) {
    this.terminal = terminal;
    this.capture = capture;
  }

  void print() {
    terminal.print(terminal.out(Style.BOLD, text(capture, "id")) + "  " + text(capture, "kind") + "  " + text(capture.path("model"), "name") + " v" + text(capture.path("model"), "version") + "  " + text(capture, "at"));
    line("call", text(capture, "method") + " " + text(capture, "path") + " from " + text(capture, "client"));
    line("request", text(capture, "request_id"));
    line("answer", "HTTP " + text(capture, "http") + " after " + millis(capture) + " ms");
    line("sampling", text(capture, "sampling_rate"));
    capture.path("headers").properties().forEach(each -> line("header", each.getKey() + ": " + each.getValue().asText()));
    capture.path("faults").forEach(each -> line("fault", text(each, "id") + "  " + text(each, "code") + "  " + text(each, "field") + "  " + text(each, "node")));
    passage(capture.path("passage"));
    payload(capture.path("payload"));
  }

  private void passage(JsonNode passage) {
    passage.path("stages").forEach(each -> line("stage", "%-11s %9.3f ms  %s".formatted(text(each, "stage"), each.path("ms").asDouble(), text(each, "ending"))));
    passage.path("steps").forEach(step -> {
      line("step", text(step, "name") + " (" + text(step, "kind") + ")");
      tensors("in", step.path("inputs"));
      tensors("out", step.path("outputs"));
    });
    tensors("input", passage.path("inputs"));
    tensors("output", passage.path("outputs"));
  }

  private void tensors(String label, JsonNode tensors) {
    tensors.forEach(each -> line(label, tensor(each)));
  }

  private static String tensor(JsonNode tensor) {
    String what = text(tensor, "datatype").equals("BYTES") ? "  length " : "  ";
    String range = text(tensor, "min").isEmpty() ? "" : what + text(tensor, "min") + " to " + text(tensor, "max") + ", mean " + text(tensor, "mean");
    String nan = text(tensor, "nan").equals("0") ? "" : "  " + text(tensor, "nan") + " NaN";
    String infinite = text(tensor, "infinite").equals("0") ? "" : "  " + text(tensor, "infinite") + " infinite";
    return "%-20s %-6s %-10s%s%s%s".formatted(text(tensor, "name"), text(tensor, "datatype"), tensor.path("shape"), range, nan, infinite).stripTrailing();
  }

  private void payload(JsonNode payload) {
    String data = text(payload, "data");
    if (data.isEmpty()) {
      line("payload", capture.path("redacted").asBoolean() ? "redacted" : "not kept");
    } else if (text(payload, "encoding").equals("text") && data.length() <= PAYLOAD_CHARS_MAX) {
      line("payload", text(capture, "payload_bytes") + " bytes" + (capture.path("redacted").asBoolean() ? ", redacted" : ""));
      terminal.print(data);
    } else {
      line("payload", text(capture, "payload_bytes") + " bytes of " + text(capture, "payload_type") + "; --json has them");
    }
  }

  private void line(String label, String text) {
    terminal.print("  %-9s %s".formatted(label, text));
  }

  static String millis(JsonNode capture) {
    return "%.1f".formatted(capture.path("duration_ms").asDouble());
  }
}
