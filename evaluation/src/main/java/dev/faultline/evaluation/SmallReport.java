package dev.faultline.evaluation;

import dev.faultline.evaluation.TrialResult.Finding;
import dev.faultline.evaluation.score.Facet;
import dev.faultline.evaluation.score.Judged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The report of the small run: only what does not depend on how fast the machine is, so that it can be compared line by line.
final class SmallReport {
  private static final List<Facet> FACETS = List.of(Facet.CAUSE, Facet.STAGE, Facet.VERSION, Facet.FIELDS, Facet.NODE, Facet.STEP);
  private static final String RIGHT = "right";

  private SmallReport() {}

  static String of(List<TrialResult> results) {
    Stream<String> head = Stream.of(
        "# Small run",
        "",
        "A few seeded faults, each once, with fixed seeds. A test compares this page with what it finds; [README](README.md) says how to renew it.",
        "",
        row(Stream.concat(Stream.of("fault"), FACETS.stream().map(facet -> facet.name().toLowerCase(Locale.ROOT)))),
        "|" + "---|".repeat(FACETS.size() + 1));
    return Stream.concat(head, results.stream().flatMap(SmallReport::rows)).collect(Collectors.joining("\n", "", "\n"));
  }

  /// What was right before and is not now, as `fault: facet`.
  static List<String> lost(String before, String now) {
    Set<String> still = right(now);
    return right(before).stream().filter(each -> !still.contains(each)).sorted().toList();
  }

  private static Set<String> right(String report) {
    Set<String> right = new HashSet<>();
    for (String line : report.lines().filter(each -> each.startsWith("| ")).toList()) {
      List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
      for (int i = 0; i < FACETS.size(); i++) {
        if (cells.get(i + 2).equals(RIGHT)) {
          right.add(cells.get(1) + ": " + FACETS.get(i));
        }
      }
    }
    return right;
  }

  private static Stream<String> rows(TrialResult result) {
    return result.isValid()
        ? result.findings().stream().map(SmallReport::row)
        : Stream.of(row(Stream.of(result.trial().recipe().id(), "dropped: " + result.invalid(), "", "", "", "", "")));
  }

  private static String row(Finding finding) {
    Judged judged = Objects.requireNonNull(finding.byMethod().get(TrialRun.ENGINE));
    var cells = new ArrayList<>(List.of(finding.planted()));
    FACETS.forEach(facet -> cells.add(cell(facet, judged)));
    return row(cells.stream());
  }

  private static String cell(Facet facet, Judged judged) {
    if (!facet.appliesTo(judged.truth())) {
      return "-";
    }
    return judged.isRight(facet) ? RIGHT : "wrong";
  }

  private static String row(Stream<String> cells) {
    return cells.collect(Collectors.joining(" | ", "| ", " |"));
  }
}
