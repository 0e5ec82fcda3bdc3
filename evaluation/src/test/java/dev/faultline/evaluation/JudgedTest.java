package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.evaluation.model.Logistic;
import dev.faultline.evaluation.score.Facet;
import dev.faultline.evaluation.score.Judged;
import dev.faultline.evaluation.surface.ClaimFromVerdict;
import dev.faultline.evaluation.truth.Cause;
import dev.faultline.evaluation.truth.Claim;
import dev.faultline.evaluation.truth.Place;
import dev.faultline.evaluation.truth.Truth;
import org.junit.jupiter.api.Test;

class JudgedTest {
  private static final Truth TRUTH =
      Truth.of(Cause.INPUT).stages("INFER").fields(new Place("features", "age")).nodes("/scale/center").boundary(120, 1, ">=");

  private static Judged judged(String verdict) throws JsonProcessingException {
    Claim claim = new ClaimFromVerdict(new Logistic(1)).of(new ObjectMapper().readTree(verdict), 40);
    return new Judged(TRUTH, claim, true, false);
  }

  @Test
  void aVerdictIsReadAsTheDocumentSays() throws Exception {
    Judged judged = judged("""
        {"schema":"faultline/verdict.v1","confidence":"VERIFIED","cause":"INPUT","stage":"INFER","model":{"name":"m","version":"2","first_bad":null},
         "fields":[{"path":"inputs/features[0].age","tensor":"features","column":null,"index":[0,0],"boundary":{"operator":">=","value":120.5}}],
         "conditions":[],"node":{"name":"/scale/center"},"initializer":null,"step":null,"alternatives":[],"replays":17}
        """);

    assertThat(judged.isJointlyRight()).isTrue();
    assertThat(judged.isRight(Facet.BOUNDARY)).isTrue();
    assertThat(judged.isVerifiedAndWrong()).isFalse();
    assertThat(judged.claim().replays()).isEqualTo(17);
    assertThat(judged.moreThanIsTrue()).isEmpty();
  }

  @Test
  void beingSureOfTheWrongFieldIsTheWorst() throws Exception {
    Judged judged = judged("""
        {"confidence":"VERIFIED","cause":"INPUT","stage":"INFER","model":{"first_bad":"2"},"fields":[{"tensor":"features","column":"income","index":[]}],
         "node":{"name":"/scale/center"},"alternatives":[{"cause":"INPUT","stage":"INFER","fields":[{"tensor":"features","column":"age"}],"node":{"name":"/scale/center"}}]}
        """);

    assertThat(judged.isVerifiedAndWrong()).isTrue();
    assertThat(judged.isJointlyRight()).isFalse();
    assertThat(judged.isJointlyRightIn3()).isTrue();
    assertThat(judged.moreThanIsTrue()).containsExactly("first_bad");
  }

  @Test
  void noVerdictClaimsNothing() throws Exception {
    Judged judged = judged("null");

    assertThat(judged.claim()).isEqualTo(Claim.NONE);
    assertThat(judged.isRight(Facet.CAUSE)).isFalse();
    assertThat(judged.isVerifiedAndWrong()).isFalse();
  }
}
