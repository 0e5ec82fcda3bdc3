package dev.faultline.server.nodes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Stage;
import dev.faultline.server.nodes.Slowdowns.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the times of nodes say, as the summary of a profile: each version's hottest nodes and operators, its stages and steps, and what is
/// slower than in the version compared with.
final class NodeSummary {
  private static final int NODES_MAX = 50;
  private static final int CHANGES_MAX = 20;
  private static final double ERROR = 0.05;
  private static final double MICROS = 1e3;
  private static final Comparator<Timed> IN_ORDER = Comparator.<Timed, Stage>comparing(each -> Stage.valueOf(each.stage())).thenComparing(Timed::step);

  /// What was measured of each version, the one wished for first.
  record Findings(List<Measured> versions, int requests, boolean redacted) {
    Findings {
      versions = List.copyOf(versions);
    }
  }

  private final NodeWish wish;
  private final Findings found;
  private final List<String> versionsThere;
  private final Optional<Slowdowns> slowdowns;

  NodeSummary(NodeWish wish, Findings found, List<String> versionsThere) {
    this.wish = wish;
    this.found = found;
    this.versionsThere = versionsThere;
    this.slowdowns = found.versions().size() == 2 ? Optional.of(new Slowdowns(found.versions().getFirst(), found.versions().getLast())) : Optional.empty();
  }

  ObjectNode document() {
    Measured asked = found.versions().getFirst();
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.put("headline", headline(asked));
    summary.put("requests", found.requests()).put("rounds", asked.own().count()).put("confidence", 1 - ERROR);
    ArrayNode versions = summary.putArray("versions");
    found.versions().forEach(version -> versions.add(version(version)));
    slowdowns.ifPresent(changes -> {
      summary.put("compared", changes.compared()).put("conclusive", changes.isConclusive());
      summary.set("slower", changes(changes.slower()));
      summary.set("faster", changes(changes.faster()));
    });
    ArrayNode notes = summary.putArray("notes");
    notes().forEach(notes::add);
    return summary;
  }

  private String headline(Measured asked) {
    if (slowdowns.isPresent()) {
      return slowdowns.get().slower().stream().findFirst().map(this::text).orElseGet(this::nothingSlower);
    }
    Map<Timed, Double> hottest = ranked(asked.medians());
    double whole = sum(hottest);
    return hottest.entrySet().stream().findFirst()
        .map(most -> "%s (%s) has %.0f %% of the time of the nodes of %s/%s".formatted(most.getKey().node(), most.getKey().op(), whole == 0 ? 0 : 100 * most.getValue() / whole, wish.model(), asked.version()))
        .orElse("no node ran");
  }

  private String nothingSlower() {
    return slowdowns.filter(Slowdowns::isConclusive).isPresent()
        ? "nothing of version " + wish.version() + " is slower than in version " + wish.against()
        : "too few rounds to tell whether version " + wish.version() + " is slower than version " + wish.against();
  }

  private ObjectNode version(Measured measured) {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("version", measured.version());
    row.set("run_ms", spread(measured.stages().values(Timed.stage("INFER"))));
    row.set("timed_run_ms", spread(measured.wholeRuns()));
    Map<Timed, Double> medians = ranked(measured.medians());
    double whole = sum(medians);
    row.put("nodes_total", medians.size()).put("arena_bytes", measured.arenaBytesMax());
    ArrayNode nodes = row.putArray("nodes");
    medians.keySet().stream().limit(NODES_MAX).forEach(node -> nodes.add(node(measured, node, whole)));
    row.set("operators", operators(medians, whole));
    ArrayNode stages = row.putArray("stages");
    measured.stages().keys().stream().sorted(IN_ORDER).forEach(each -> stages.add(stage(measured, each)));
    return row;
  }

  private static ObjectNode node(Measured measured, Timed node, double whole) {
    List<Double> values = measured.own().values(node);
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("node", node.node()).put("op", node.op());
    row.put("share", share(Interval.median(values), whole)).put("mean_us", rounded(values.stream().mapToDouble(Double::doubleValue).average().orElse(0)));
    row.set("own_ms", spread(values));
    row.put("with_inner_ms", rounded(measured.wholeMicros(node) / MICROS));
    ArrayNode engine = row.putArray("engine_names");
    measured.engineNames(node).forEach(engine::add);
    return row;
  }

  private static ArrayNode operators(Map<Timed, Double> medians, double whole) {
    var sums = new LinkedHashMap<String, Double>();
    var counts = new LinkedHashMap<String, Integer>();
    medians.forEach((node, micros) -> {
      sums.merge(node.op(), micros, Double::sum);
      counts.merge(node.op(), 1, Integer::sum);
    });
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    ranked(sums).forEach((op, micros) -> rows.addObject().put("op", op).put("nodes", counts.get(op)).put("own_ms", rounded(micros / MICROS)).put("share", share(micros, whole)));
    return rows;
  }

  private static ObjectNode stage(Measured measured, Timed what) {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("stage", what.stage());
    if (!what.step().isEmpty()) {
      row.put("step", what.step()).put("kind", what.op());
    }
    row.setAll(spread(measured.stages().values(what)));
    return row;
  }

  private ArrayNode changes(List<Change> changes) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    changes.stream().limit(CHANGES_MAX).forEach(change -> {
      ObjectNode row = rows.addObject().put("kind", change.what().kind()).put("stage", change.what().stage());
      row.put("name", change.what().name()).put("op", change.what().op());
      row.put("from_ms", rounded(change.from() / MICROS)).put("to_ms", rounded(change.to() / MICROS));
      row.put("change_ms", rounded(change.difference().median() / MICROS));
      row.put("low_ms", rounded(change.difference().low() / MICROS)).put("high_ms", rounded(change.difference().high() / MICROS));
      row.put("ratio", Double.isFinite(change.ratio()) ? rounded(change.ratio()) : null).put("text", text(change));
    });
    return rows;
  }

  /// Such as `/encoder/MatMul_3: 2.1 -> 9.8 ms since v7`; a version between the two could have brought it, and then both are named.
  private String text(Change change) {
    boolean neighbours = versionsThere.indexOf(wish.version()) - versionsThere.indexOf(wish.against()) == 1;
    String when = neighbours ? "since " + called(wish.version()) : "from " + called(wish.against()) + " to " + called(wish.version());
    return change.what().name() + ": " + millis(change.from()) + " -> " + millis(change.to()) + " ms " + when;
  }

  private static String called(String version) {
    return Character.isDigit(version.charAt(0)) ? "v" + version : version;
  }

  private static String millis(double micros) {
    double millis = micros / MICROS;
    return String.format(Locale.ROOT, millis >= 100 ? "%.0f" : millis >= 1 ? "%.1f" : millis >= .1 ? "%.2f" : "%.3f", millis);
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    notes.add("the engine counts whole microseconds and drops the rest: a node that takes less shows 0");
    notes.add("nodes are timed in sessions of their own, one run at a time and without company; keeping the times makes runs slower (timed_run_ms against run_ms)");
    if (found.redacted()) {
      notes.add("some of the requests were kept with hidden values as zeros");
    }
    slowdowns.filter(changes -> !changes.isConclusive()).ifPresent(changes ->
        notes.add("too few rounds: " + changes.compared() + " comparisons need " + changes.roundsMin() + " (mend: more seconds, or fewer models at work beside it)"));
    return notes;
  }

  private static ObjectNode spread(List<Double> micros) {
    ObjectNode row = JsonNodeFactory.instance.objectNode().put("median_ms", rounded(Interval.median(micros) / MICROS));
    Optional<Interval> interval = Interval.of(micros, ERROR);
    row.put("low_ms", interval.map(each -> rounded(each.low() / MICROS)).orElse(null));
    return row.put("high_ms", interval.map(each -> rounded(each.high() / MICROS)).orElse(null));
  }

  private static <K> Map<K, Double> ranked(Map<K, Double> values) {
    var ranked = new LinkedHashMap<K, Double>();
    values.entrySet().stream().sorted(Comparator.comparingDouble(each -> -each.getValue())).forEach(each -> ranked.put(each.getKey(), each.getValue()));
    return ranked;
  }

  private static double sum(Map<Timed, Double> values) {
    return values.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double share(double part, double whole) {
    return whole == 0 ? 0 : Math.round(1e4 * part / whole) / 1e4;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
