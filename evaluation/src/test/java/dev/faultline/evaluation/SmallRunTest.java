package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The small run against its committed report: nothing that was right may become wrong; with `-Devaluation.strict=true` the page must be exact.
class SmallRunTest {
  private static final Path COMMITTED = Path.of("small-report.md");
  private static final Path FOUND = Path.of("target", "small-report.md");

  @Test
  void verdictsAreAsGoodAsTheCommittedReportSays() throws Exception {
    List<TrialResult> results = Evaluation.run(Plan.small(), Plan.SMALL_SETTINGS, List.of(), (_, _) -> {}, result -> System.out.println(result.trial() + ": " + result.millis() + " ms"));
    String found = SmallReport.of(results);
    Files.createDirectories(FOUND.resolveSibling("."));
    Files.writeString(FOUND, found);

    assertThat(results).allSatisfy(result -> assertThat(result.invalid()).as(result.trial().toString()).isEmpty());
    String committed = Files.readString(COMMITTED);
    assertThat(SmallReport.lost(committed, found)).as("right in evaluation/small-report.md and wrong now; the whole page is evaluation/" + FOUND).isEmpty();
    if (Boolean.getBoolean("evaluation.strict")) {
      assertThat(found).as("evaluation/small-report.md is out of date: run bin/evaluate --small and commit it").isEqualTo(committed);
    }
  }
}
