package dev.faultline.cli;

import dev.faultline.probe.Finding;
import dev.faultline.probe.Rating;
import java.util.Locale;
import java.util.stream.Collectors;

/// Findings as the XML that CI systems show as test results: the form that Ant's and Surefire's JUnit reports have.
///
/// A bad finding is a failure, an undecided one is skipped, a weak one passes and says so in its output.
record JUnitReport(ProbeReport report) {

  String xml() {
    String cases = report.findings().stream().map(this::testCase).collect(Collectors.joining());
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites>
          <testsuite name="%s" tests="%d" failures="%d" errors="0" skipped="%d" time="%s">
        %s  </testsuite>
        </testsuites>
        """.formatted(escaped(suite()), report.findings().size(), report.count(Rating.BADLY), report.count(Rating.UNDECIDED), seconds(report.millis()), cases);
  }

  private String suite() {
    return "faultline probe " + report.subject().model() + " v" + report.subject().version();
  }

  private String testCase(Finding finding) {
    return "    <testcase classname=\"%s\" name=\"%s\" time=\"%s\">%s</testcase>%n".formatted(
        escaped("probe." + report.subject().model() + "." + finding.probe().kind().label()), escaped(finding.probe().title()), seconds(finding.reply().millis()), verdict(finding));
  }

  private static String verdict(Finding finding) {
    String help = finding.mends().stream().map(ProbeReport::help).collect(Collectors.joining("\n"));
    String told = "HTTP " + (finding.status() == 0 ? "none" : finding.status()) + ", request " + finding.requestId() + "\n" + finding.found() + (help.isEmpty() ? "" : "\nhelp: " + help);
    return switch (finding.rating()) {
      case WELL -> "";
      case WEAKLY -> "<system-out>" + escaped(told) + "</system-out>";
      case BADLY -> "<failure type=\"" + escaped(finding.fault().isNone() ? "probe" : finding.fault().code()) + "\" message=\"" + escaped(finding.found()) + "\">" + escaped(told) + "</failure>";
      case UNDECIDED -> "<skipped message=\"" + escaped(finding.found()) + "\"/>";
    };
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1e3);
  }

  /// XML 1.0 has no form at all for most control characters and for half a surrogate pair.
  static String escaped(String text) {
    var escaped = new StringBuilder();
    text.codePoints().forEach(c -> {
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        case '\n' -> escaped.append("&#10;");
        default -> escaped.appendCodePoint(c < 0x20 || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF ? 0xFFFD : c);
      }
    });
    return escaped.toString();
  }
}
