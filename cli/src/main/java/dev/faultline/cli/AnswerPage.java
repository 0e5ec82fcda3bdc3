package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The answer as one page of HTML that needs nothing else: for a ticket or a mail. All text is escaped.
record AnswerPage(JsonNode fault, JsonNode verdict) {
  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
          + "dt{font-weight:600;margin-top:.7rem}dd{margin:0}pre{overflow:auto;padding:.7rem;border:1px solid #8888}";

  String html() {
    var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>");
    page.append(escaped(text(fault, "id"))).append("</title><style>").append(STYLE).append("</style><h1>");
    page.append(escaped(text(fault, "code") + " in " + text(fault.path("model"), "name"))).append("</h1><p>").append(escaped(text(fault, "summary"))).append("</p><dl>");
    entries().forEach((name, lines) -> add(page, name, lines));
    page.append("</dl>");
    String curl = text(verdict.path("reproduction"), "curl");
    if (!curl.isEmpty()) {
      page.append("<h2>Reproduce</h2><pre>").append(escaped(curl)).append("</pre>");
    }
    return page.append("</html>\n").toString();
  }

  private Map<String, List<String>> entries() {
    var entries = new LinkedHashMap<String, List<String>>();
    if (verdict.isObject()) {
      var lines = new VerdictLines(verdict);
      entries.put("Verdict", List.of(lines.sure()));
      entries.put("Since", List.of(lines.since()));
      entries.put("Fields", lines.fields());
      entries.put("When", List.of(lines.conditions()));
      entries.put("Node", List.of(lines.node()));
      entries.put("Changed", List.of(lines.initializer()));
      entries.put("Evidence", lines.evidence());
      entries.put("Ruled out", List.of(lines.ruledOut()));
      entries.put("Mend", lines.mends());
    }
    entries.put("Fault", List.of(text(fault, "id") + ", " + text(fault, "group") + ", " + text(fault, "occurred_at")));
    return entries;
  }

  private static void add(StringBuilder page, String name, List<String> lines) {
    List<String> there = lines.stream().filter(line -> !line.isEmpty()).toList();
    if (!there.isEmpty()) {
      page.append("<dt>").append(name).append("</dt>");
      there.forEach(line -> page.append("<dd>").append(escaped(line)).append("</dd>"));
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
