package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the server says of the demo's traffic, held against what the clients counted; `verdict` is that of version 2's suspicions, or a missing node;
/// `releases` is how the canaries of versions 2 and 3 ended.
record DemoFindings(DemoTally tally, MetricsText metrics, JsonNode groups, JsonNode verdict, List<DemoRelease> releases) {
  static final String CANARY_CODE = "check.nonfinite";

  List<DemoCheck> checks() {
    var checks = new ArrayList<DemoCheck>();
    checks.add(conservation());
    checks.add(faultsByCode());
    checks.add(groupsByCode());
    checks.add(canary());
    checks.add(culprit());
    checks.add(onlyCanary());
    checks.add(verdictNames());
    checks.add(verdictVersion());
    checks.add(rolledBack());
    checks.add(promoted());
    checks.add(allServed());
    checks.add(DemoCheck.of(tally.surprises().isEmpty(), "every answer was the one that was expected"));
    return checks;
  }

  /// The group of version 2's suspicions; a missing node when there is none.
  JsonNode canaryGroup() {
    JsonNode found = groups.path("none");
    for (JsonNode group : groups) {
      if (text(group, "code").equals(CANARY_CODE) && (found.isMissingNode() || group.path("count").asLong() > found.path("count").asLong())) {
        found = group;
      }
    }
    return found;
  }

  private DemoCheck conservation() {
    long served = metrics.sum("faultline_requests_total", "outcome=\"served\"");
    long faulted = metrics.sum("faultline_requests_total", "outcome=\"faulted\"");
    boolean same = served == tally.served() && served + faulted == tally.requests();
    return DemoCheck.of(same, "%,d requests sent = %,d served + %,d faulted in /metrics".formatted(tally.requests(), served, faulted));
  }

  private DemoCheck faultsByCode() {
    Map<String, Long> counted = metrics.by("faultline_faults_total", "code");
    return DemoCheck.of(counted.equals(tally.faults()), "the clients and /metrics count the same for each of %d fault codes".formatted(tally.faults().size()) + unlike(counted, tally.faults()));
  }

  private DemoCheck groupsByCode() {
    var counted = new TreeMap<String, Long>();
    groups.forEach(group -> counted.merge(text(group, "code"), group.path("count").asLong() - group.path("suspicions").asLong(), Long::sum));
    counted.values().removeIf(count -> count == 0);
    return DemoCheck.of(counted.equals(tally.faults()), "so do the groups of the admin API" + unlike(counted, tally.faults()));
  }

  private DemoCheck canary() {
    long suspicious = canaryGroup().path("suspicions").asLong();
    boolean same = suspicious == tally.blindCanaries() && tally.suspiciousBlindCanaries() == tally.blindCanaries();
    return DemoCheck.of(same, "%,d rows without speed went to version 2 = %,d suspicions %s".formatted(tally.blindCanaries(), suspicious, CANARY_CODE));
  }

  private DemoCheck culprit() {
    JsonNode group = canaryGroup();
    boolean named = text(group, "field").contains("speed_knots") && text(group, "node").startsWith("/speed/");
    return DemoCheck.of(named, "they name the input field " + shown(text(group, "field")) + " and the graph node " + shown(text(group, "node")));
  }

  private DemoCheck onlyCanary() {
    long others = metrics.sum("faultline_suspicions_total") - metrics.sum("faultline_suspicions_total", "version=\"" + DemoPlan.CANARY + "\"");
    boolean only = others == 0 && texts(canaryGroup().path("versions")).equals(List.of(DemoPlan.CANARY));
    return DemoCheck.of(only, "no other version gave a suspicious answer");
  }

  DemoFindings with(JsonNode found) {
    return new DemoFindings(tally, metrics, groups, found, releases);
  }

  DemoFindings with(List<DemoRelease> played) {
    return new DemoFindings(tally, metrics, groups, verdict, played);
  }

  private DemoCheck rolledBack() {
    DemoRelease bad = release("2");
    boolean named = bad.state().equals("ROLLED_BACK") && bad.reason().contains("speed_knots") && bad.reason().contains("/speed/");
    return DemoCheck.of(named, "version 2 as a canary is %s after %,d requests, and the reason names field and node".formatted(shown(bad.state()), bad.requests()));
  }

  private DemoCheck promoted() {
    DemoRelease good = release("3");
    return DemoCheck.of(good.state().equals("PROMOTED"), "version 3 as a canary is %s after %,d requests".formatted(shown(good.state()), good.requests()));
  }

  private DemoCheck allServed() {
    long sent = releases.stream().mapToLong(DemoRelease::requests).sum();
    long served = releases.stream().mapToLong(DemoRelease::served).sum();
    return DemoCheck.of(sent > 0 && sent == served, "%,d requests during both releases = %,d served".formatted(sent, served));
  }

  private DemoRelease release(String candidate) {
    return releases.stream().filter(each -> each.candidate().equals(candidate)).findFirst().orElseGet(() -> new DemoRelease(groups.path("none"), 0, 0));
  }

  /// The node and the column, by experiment.
  private DemoCheck verdictNames() {
    String node = text(verdict.path("node"), "name");
    List<String> fields = paths(verdict.path("fields"));
    boolean named = text(verdict, "confidence").equals("VERIFIED") && node.startsWith("/speed/") && fields.size() == 1 && fields.getFirst().contains("speed_knots");
    return DemoCheck.of(named, "the verdict is %s: node %s, field %s".formatted(
        shown(text(verdict, "confidence")), shown(node), shown(String.join(", ", fields))));
  }

  /// Since when, by bisection, and a request with which anybody can see it.
  private DemoCheck verdictVersion() {
    JsonNode model = verdict.path("model");
    boolean since = text(model, "first_bad").equals(DemoPlan.CANARY) && text(model, "last_good").equals("1");
    boolean reproduced = verdict.path("reproduction").isObject();
    return DemoCheck.of(since && reproduced, "it began with version %s, version %s was good; %s".formatted(
        shown(text(model, "first_bad")), shown(text(model, "last_good")), reproduced ? "a request that reproduces it is given" : "no request reproduces it"));
  }

  private static List<String> paths(JsonNode fields) {
    var paths = new ArrayList<String>();
    fields.forEach(field -> paths.add(text(field, "path")));
    return paths;
  }

  private static String shown(String text) {
    return text.isEmpty() ? "(none)" : text;
  }

  private static String unlike(Map<String, Long> got, Map<String, Long> wanted) {
    return got.equals(wanted) ? "" : ": server " + got + ", clients " + wanted;
  }
}
