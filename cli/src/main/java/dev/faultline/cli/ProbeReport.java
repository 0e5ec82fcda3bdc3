package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.probe.Finding;
import dev.faultline.probe.HeaderFault;
import dev.faultline.probe.Rating;
import dev.faultline.probe.Subject;
import dev.faultline.fault.Mend;
import dev.faultline.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the probes of one run found: as lines for people, and as `faultline/probe.v1`.
record ProbeReport(Subject subject, BaseRequest base, List<Finding> findings, List<String> leftOut, long millis) {
  private static final int TITLE_WIDTH_MAX = 60;
  private static final int BODY_CHARS_MAX = 4_000;

  ProbeReport {
    findings = List.copyOf(findings);
    leftOut = List.copyOf(leftOut);
  }

  long count(Rating rating) {
    return findings.stream().filter(finding -> finding.rating() == rating).count();
  }

  void print(Terminal terminal) {
    terminal.print(" %d probes against %s v%s    behaves well: %d   weakly: %d   badly: %d%s".formatted(
        findings.size(), subject.model(), subject.version(), count(Rating.WELL), count(Rating.WEAKLY), count(Rating.BADLY), count(Rating.UNDECIDED) == 0 ? "" : "   undecided: " + count(Rating.UNDECIDED)));
    int width = findings.stream().mapToInt(finding -> finding.probe().title().length()).filter(length -> length <= TITLE_WIDTH_MAX).max().orElse(0);
    findings.forEach(finding -> terminal.print(line(terminal, finding, width)));
    terminal.print(" made from " + base.source() + "; requests are called " + prefix() + ", their client " + dev.faultline.probe.Sender.CLIENT);
    leftOut.forEach(each -> terminal.print(" left out: " + each));
  }

  /// What the id of every request of this run begins with.
  private String prefix() {
    return findings.stream().findFirst().map(finding -> finding.requestId().replaceFirst("\\d+$", "*")).orElse("probe-*");
  }

  private static String line(Terminal terminal, Finding finding, int width) {
    String status = finding.status() == 0 ? "  -" : String.valueOf(finding.status());
    String what = (" %s %-" + Math.max(1, width) + "s  %s in %4d ms  %s").formatted(sign(terminal, finding.rating()), finding.probe().title(), status, finding.reply().millis(), printable(finding.found()));
    return finding.mends().isEmpty() ? what : what + "    help: " + help(finding.mends().getFirst());
  }

  private static String sign(Terminal terminal, Rating rating) {
    return switch (rating) {
      case WELL -> terminal.out(Style.GREEN, "✓");
      case WEAKLY -> terminal.out(Style.YELLOW, "!");
      case BADLY -> terminal.out(Style.RED, "✗");
      case UNDECIDED -> terminal.out(Style.DIM, "?");
    };
  }

  static String help(Mend mend) {
    return mend.command().isEmpty() ? mend.text() : mend.command() + "   (" + mend.text() + ")";
  }

  /// Control characters of a probe never reach a terminal.
  static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/probe.v1");
    document.put("model", subject.model()).put("version", subject.version()).put("duration_ms", millis);
    document.putObject("base").put("source", base.source()).put("request", base.json().isEmpty() ? null : base.json());
    ObjectNode counts = document.putObject("counts");
    for (Rating rating : Rating.values()) {
      counts.put(rating.name().toLowerCase(Locale.ROOT), count(rating));
    }
    ArrayNode probes = document.putArray("probes");
    findings.forEach(finding -> probes.add(finding(finding)));
    ArrayNode omitted = document.putArray("left_out");
    leftOut.forEach(omitted::add);
    return document;
  }

  private static ObjectNode finding(Finding finding) {
    HeaderFault fault = finding.fault();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", finding.probe().kind().label()).put("title", finding.probe().title());
    node.put("field", orNull(finding.probe().place().toString()));
    node.put("expected", finding.probe().expected().name()).put("rating", finding.rating().name());
    node.put("http", finding.status() == 0 ? null : (Integer) finding.status()).put("ms", finding.reply().millis());
    node.put("found", finding.found());
    node.put("fault", orNull(fault.id())).put("code", orNull(fault.code())).put("stage", orNull(fault.stage())).put("blame", orNull(fault.blame()));
    ArrayNode mends = node.putArray("mend");
    finding.mends().forEach(mend -> mends.addObject().put("text", mend.text()).put("command", orNull(mend.command())));
    ObjectNode request = node.putObject("request").put("id", finding.requestId()).put("method", finding.probe().call().method()).put("path", finding.probe().call().path());
    body(finding.probe().call().body()).forEach(body -> request.put("body", body));
    return node;
  }

  /// The body of a request that is short and text; a list of one or none.
  private static List<String> body(Payload payload) {
    var text = new String(payload.array(), payload.offset(), payload.length(), StandardCharsets.UTF_8);
    boolean sound = text.length() <= BODY_CHARS_MAX && !text.contains("\uFFFD") && payload.contentType().equals("application/json");
    var body = new ArrayList<String>();
    if (sound) {
      body.add(text);
    }
    return body;
  }

  private static @org.jspecify.annotations.Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
