package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.faultline.evaluation.score.Grouping;
import dev.faultline.evaluation.score.Grouping.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupingTest {

  @Test
  void groupsThatFollowTheCausesArePerfect() {
    Grouping grouping = Grouping.of(List.of(new Member("a", "1"), new Member("a", "1"), new Member("b", "2"), new Member("b", "2")));

    assertThat(grouping).isEqualTo(new Grouping(1, 1, 1, 4));
  }

  @Test
  void oneGroupForAllTellsNothingApart() {
    Grouping grouping = Grouping.of(List.of(new Member("a", "1"), new Member("a", "1"), new Member("b", "1"), new Member("b", "1")));

    assertThat(grouping.ari()).isEqualTo(0);
    assertThat(grouping.homogeneity()).isCloseTo(0, within(1e-9));
    assertThat(grouping.completeness()).isEqualTo(1);
  }

  /// The figures of scikit-learn's documentation for these labels.
  @Test
  void aSplitGroupCostsCompletenessOnly() {
    Grouping grouping = Grouping.of(List.of(new Member("a", "1"), new Member("a", "1"), new Member("b", "2"), new Member("b", "3")));

    assertThat(grouping.ari()).isCloseTo(0.571, within(0.001));
    assertThat(grouping.homogeneity()).isCloseTo(1, within(1e-9));
    assertThat(grouping.completeness()).isCloseTo(0.667, within(0.001));
  }
}
