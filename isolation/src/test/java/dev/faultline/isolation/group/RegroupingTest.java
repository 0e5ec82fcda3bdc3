package dev.faultline.isolation.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultline.isolation.finding.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegroupingTest {

  @Test
  void groupsWithOneVerifiedCauseAreLinked() {
    Regrouping regrouping = Regrouping.of(List.of(cause("flt_1", "FL-1", "field:age"), cause("flt_2", "FL-2", "field:age"), cause("flt_3", "FL-3", "field:sex")));
    assertThat(regrouping.linked("FL-1")).containsExactly("FL-2");
    assertThat(regrouping.linked("FL-3")).isEmpty();
    assertThat(regrouping.split()).isEmpty();
  }

  @Test
  void aGroupWithTwoVerifiedCausesIsSplit() {
    Regrouping regrouping = Regrouping.of(List.of(cause("flt_1", "FL-1", "field:age"), cause("flt_2", "FL-1", "field:sex"), cause("flt_3", "FL-1", "field:age")));
    assertThat(regrouping.split().get("FL-1")).extracting(Regrouping.Cluster::faults).containsExactly(List.of("flt_1", "flt_3"), List.of("flt_2"));
  }

  @Test
  void theOrderOfPlacesDoesNotCount() {
    assertThat(cause("flt_1", "FL-1", "field:a", "field:b").key()).isEqualTo(cause("flt_2", "FL-2", "field:b", "field:a", "field:a").key());
  }

  @Test
  void anotherVersionIsAnotherCause() {
    var first = new VerifiedCause("flt_1", "FL-1", Cause.MODEL, "credit", "6", List.of("node:/emb/Gather"));
    var second = new VerifiedCause("flt_2", "FL-1", Cause.MODEL, "credit", "7", List.of("node:/emb/Gather"));
    assertThat(Regrouping.of(List.of(first, second)).split()).containsOnlyKeys("FL-1");
  }

  @Test
  void aFaultThatWasInvestigatedAgainCountsOnce() {
    Regrouping regrouping = Regrouping.of(List.of(cause("flt_1", "FL-1", "field:age"), cause("flt_1", "FL-1", "field:sex")));
    assertThat(regrouping.clusters()).singleElement().satisfies(cluster -> assertThat(cluster.cause().places()).containsExactly("field:sex"));
  }

  @Test
  void nothingIsRegroupedWithoutCauses() {
    assertThat(Regrouping.of(List.of()).clusters()).isEmpty();
  }

  @Test
  void aFaultThatWasGoneAndCameBackIsARegression() {
    assertThat(Regression.of(List.of(count("1", 100, 0), count("2", 100, 20), count("3", 100, 0), count("4", 50, 0), count("5", 100, 3))).toString())
        .isEqualTo("[resolved in 3, seen again in 5]");
  }

  @Test
  void aVersionThatWasHardlyAskedResolvesNothing() {
    assertThat(Regression.of(List.of(count("2", 1_000, 1), count("3", 50, 0), count("4", 1_000, 1)))).isEmpty();
    assertThat(Regression.of(List.of(count("2", 100, 20), count("3", 0, 0), count("4", 100, 20)))).isEmpty();
    assertThat(Regression.of(List.of())).isEmpty();
  }

  @Test
  void aFaultMayComeBackTwice() {
    assertThat(Regression.of(List.of(count("1", 100, 50), count("2", 100, 0), count("3", 100, 50), count("4", 100, 0), count("5", 100, 1))))
        .containsExactly(new Regression("2", "3"), new Regression("4", "5"));
  }

  @Test
  void moreFailuresThanRequestsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> count("1", 1, 2)).withMessageContaining("2 failures of 1 requests");
  }

  private static VersionCount count(String version, long requests, long failures) {
    return new VersionCount(version, requests, failures);
  }

  private static VerifiedCause cause(String fault, String group, String... places) {
    return new VerifiedCause(fault, group, Cause.INPUT, "credit", "", List.of(places));
  }
}
