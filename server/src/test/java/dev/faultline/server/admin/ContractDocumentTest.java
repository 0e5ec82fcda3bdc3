package dev.faultline.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContractDocumentTest {
  private static final FieldRef X = FieldRef.of("x");
  private static final FieldRef AGE = new FieldRef("x", "age");

  @Test
  void aContractSurvivesTheWayThereAndBack() {
    var contract = new Contract(
        List.of(
            new TensorSpec("x", DataType.FP32, List.of(new Dimension.Symbolic("n"), new Dimension.Fixed(1)), List.of("age"), TensorSpec.Presence.OPTIONAL),
            TensorSpec.of("y", DataType.BYTES, List.of(new Dimension.Free()))),
        List.of(TensorSpec.of("out", DataType.FP64, List.of())),
        List.of(
            new Rule.Nullable(X),
            new Rule.Finite(AGE),
            new Rule.Range(AGE, 0, Double.POSITIVE_INFINITY),
            new Rule.AllowedValues(FieldRef.of("y"), Set.of("a")),
            new Rule.Length(FieldRef.of("y"), 1, 8),
            new Rule.Rows(X, 1, Long.MAX_VALUE)),
        List.of(
            new Expectation.Finite(FieldRef.of("out"), Mode.OBSERVE),
            new Expectation.Range(FieldRef.of("out"), Double.NEGATIVE_INFINITY, 1, Mode.ENFORCE),
            new Expectation.Sum(FieldRef.of("out"), 1, .01, Mode.ENFORCE),
            new Expectation.OfShape(FieldRef.of("out"), List.of(new Dimension.Symbolic("n")), Mode.ENFORCE),
            new Expectation.AllowedValues(FieldRef.of("out"), Set.of("1"), Mode.OBSERVE)),
        List.of("graph", "contract.yaml"));

    assertThat(ContractDocument.contract(ContractDocument.of(contract))).isEqualTo(contract);
  }

  @Test
  void aPatternIsTheSameTextAfterwards() {
    var contract = new Contract(List.of(), List.of(), List.of(new Rule.Pattern(X, java.util.regex.Pattern.compile("[a-z]+"))), List.of(), List.of());

    assertThat(ContractDocument.contract(ContractDocument.of(contract)).rules())
        .singleElement().isInstanceOfSatisfying(Rule.Pattern.class, rule -> assertThat(rule.regex().pattern()).isEqualTo("[a-z]+"));
  }
}
