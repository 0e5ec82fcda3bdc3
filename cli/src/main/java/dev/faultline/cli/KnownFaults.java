package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.probe.Finding;
import dev.faultline.probe.Rating;
import dev.faultline.fault.Mend;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the server itself knows of the faults that probes met: the node, and how it would mend them.
final class KnownFaults {
  /// Faults asked for in one run.
  private static final int FAULTS_MAX = 200;

  private static final Pattern WANTED = Pattern.compile("\\(expected: \\[(-?\\d+),(\\d+)]\\)");

  private final AdminClient client;
  private int asked;

  KnownFaults(AdminClient client) {
    this.client = client;
  }

  List<Finding> enriched(List<Finding> findings) throws CommandException {
    var enriched = new ArrayList<Finding>(findings.size());
    for (Finding finding : findings) {
      boolean wanted = (finding.rating() == Rating.BADLY || finding.rating() == Rating.WEAKLY) && !finding.fault().id().isEmpty() && asked < FAULTS_MAX;
      enriched.add(wanted ? enriched(finding) : finding);
    }
    return enriched;
  }

  /// The range in the place of LOW and HIGH, where the engine said which it takes. What counts from the end there, as the index -1 does, is no
  /// value that callers mean.
  private static String limited(String text, String summary) {
    Matcher range = WANTED.matcher(summary);
    return range.find() ? text.replace("[LOW, HIGH]", "[" + (range.group(1).startsWith("-") ? "0" : range.group(1)) + ", " + range.group(2) + "]") : text;
  }

  private Finding enriched(Finding finding) throws CommandException {
    asked++;
    JsonNode fault = client.fetch("faults/" + finding.fault().id());
    String node = text(fault.path("node"), "name");
    String found = node.isEmpty() || finding.found().contains(node) ? finding.found() : finding.found() + ", node " + node;
    var mends = new ArrayList<Mend>();
    finding.mends().forEach(mend -> mends.add(new Mend(limited(mend.text(), text(fault, "summary")), mend.command())));
    fault.path("mend").forEach(mend -> mends.add(new Mend(text(mend, "text"), text(mend, "command"))));
    mends.add(new Mend("what is known of it", "faultline explain " + finding.fault().id()));
    return new Finding(finding.probe(), finding.requestId(), finding.reply(), finding.rating(), found, mends);
  }
}
