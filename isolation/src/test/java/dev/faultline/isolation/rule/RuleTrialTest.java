package dev.faultline.isolation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.isolation.rule.RuleChange.Effect;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RuleTrialTest {
  private static final FieldRef X = FieldRef.of("x");

  @Test
  void everyRuleThatRefusesIsNamedWithTheValidatorsSentence() {
    Contract contract = Requests.contract(DataType.FP32, new Rule.Range(X, 0, 10), new Rule.AllowedValues(X, values("1", "2")), new Rule.Rows(X, 1, 8));
    var trial = new RuleTrial(contract, _ -> false);
    assertThat(trial.of(Requests.of(Tensor.floats("x", Shape.of(1), 2)))).isEmpty();
    assertThat(trial.of(Requests.of(Tensor.floats("x", Shape.of(2), 1, 11)))).extracting(Objection::rule).containsExactly("x: 0 to 10", "x: one of 1, 2");
    assertThat(trial.of(Requests.of(Tensor.floats("x", Shape.of(1), 11))).getFirst().sentence()).isEqualTo("inputs/x[0] is 11 (expected: [0,10])");
    assertThat(trial.of(Requests.of(Tensor.floats("x", Shape.of(9), 1, 1, 1, 1, 1, 1, 1, 1, 1)))).extracting(Objection::key).containsExactly("rows");
  }

  @Test
  void whatTypesAndShapesRefuseIsNotBlamedOnARule() {
    var trial = new RuleTrial(Requests.contract(DataType.FP32, new Rule.Range(X, 0, 10)), _ -> false);
    assertThat(trial.of(Requests.of(Tensor.longs("x", Shape.of(1), 3)))).extracting(Objection::rule).containsExactly("x: data type FP32");
    assertThat(trial.of(Requests.of(Tensor.floats("y", Shape.of(1), 3)))).extracting(Objection::rule).containsExactly("x: required", "y: known names only");
    assertThat(trial.of(Requests.withNull(Tensor.floats("x", Shape.of(2), Float.NaN, 11)))).extracting(Objection::rule).containsExactly("x: no missing values", "x: 0 to 10");
  }

  @Test
  void aMissingValuePassesEveryRuleWhereItIsAllowed() {
    var trial = new RuleTrial(Requests.contract(DataType.FP32, new Rule.Nullable(X), new Rule.Range(X, 0, 10)), _ -> false);
    assertThat(trial.of(Requests.withNull(Tensor.floats("x", Shape.of(2), Float.NaN, 1)))).isEmpty();
  }

  @Test
  void hiddenValuesAreNotShownAndRulesAboutThemCanBeLeftOut() {
    Contract contract = Requests.contract(DataType.FP32, new Rule.Range(X, 0, 10));
    assertThat(new RuleTrial(contract, X::equals).of(Requests.of(Tensor.floats("x", Shape.of(1), 11))).getFirst().sentence()).contains("[redacted]");
    assertThat(new RuleTrial(RuleTrial.without(contract, X::equals), X::equals).of(Requests.of(Tensor.floats("x", Shape.of(1), 11)))).isEmpty();
  }

  @Test
  void eachDifferenceSaysWhetherItIsStricter() {
    Contract before = Requests.contract(DataType.FP32, new Rule.Range(X, 0, 10), new Rule.Finite(X), new Rule.AllowedValues(X, values("1", "2")), new Rule.Pattern(X, Pattern.compile("a")));
    Contract after = Requests.contract(DataType.FP32, new Rule.Range(X, 0, 8), new Rule.Nullable(X), new Rule.AllowedValues(X, values("1", "2", "3")), new Rule.Pattern(X, Pattern.compile("a")), new Rule.Rows(X, 1, 8));
    assertThat(ContractChanges.between(before, after)).extracting(change -> change.what() + " " + change.effect()).containsExactly("range STRICTER", "nullable LOOSER", "values LOOSER", "rows STRICTER", "finite LOOSER");
    assertThat(ContractChanges.between(before, after).get(2).after()).isEqualTo("one of 1, 2, 3; new 3");
    assertThat(ContractChanges.between(before, before)).isEmpty();
    Contract typed = Requests.contract(DataType.FP64);
    assertThat(ContractChanges.between(Requests.contract(DataType.FP32), typed)).containsExactly(new RuleChange("x", "datatype", "FP32", "FP64", Effect.EITHER));
  }

  private static Set<String> values(String... values) {
    return new LinkedHashSet<>(List.of(values));
  }
}
