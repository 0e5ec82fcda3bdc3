package dev.faultline.serving.stage;

import static dev.faultline.serving.stage.Given.promising;
import static dev.faultline.serving.stage.Given.request;
import static dev.faultline.serving.stage.Given.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.Mend;
import dev.faultline.fault.NodeRef;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContractCheckerTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final FieldRef P = FieldRef.of("p");
  private static final TensorSpec SPEED = spec("speed", DataType.FP32, "n");
  private static final TensorSpec HEIGHT = spec("height", DataType.FP32, "n");
  private static final TensorSpec SKY = spec("sky", DataType.BYTES, "n");
  private static final TensorSpec PROB = spec("p", DataType.FP32, "n", 2).withColumns(List.of("no", "yes"));
  private static final TensorSpec LABEL = spec("label", DataType.INT64, "n");
  private static final NodeRef LOG = new NodeRef(3, "/log/Log", "Log", "log_out");
  private static final NodeRef ARG_MAX = new NodeRef(9, "/label/ArgMax", "ArgMax", "label");

  static Stream<Arguments> broken() {
    var m = Mode.OBSERVE;
    return Stream.of(
        arguments(new Expectation.Finite(P, m), p(1, NAN, INF, 0), "outputs/p[0].yes is NaN (expected: a finite number, 2 values in all)"),
        arguments(new Expectation.Finite(new FieldRef("p", "no"), m), p(1, NAN, INF, 0), "outputs/p[1].no is Infinity (expected: a finite number)"),
        arguments(new Expectation.Range(P, 0, 1, m), p(0, 1, 1.5f, -1), "outputs/p[1].no is 1.5 (expected: [0,1], 2 values in all)"),
        arguments(new Expectation.Range(new FieldRef("p", "yes"), 0, 1, m), p(5, 1, 5, -1), "outputs/p[1].yes is -1 (expected: [0,1])"),
        arguments(new Expectation.Range(P, 0, 1, m), p(0, NAN, 0, 0), "outputs/p[0].yes is NaN (expected: a finite number)"),
        arguments(new Expectation.Range(P, 0, 1, m), p(0, INF, 0, 0), "outputs/p[0].yes is Infinity (expected: [0,1])"),
        arguments(new Expectation.Sum(P, 1, 0.001, m), p(0.5f, 0.5f, 0.5f, 0.25f), "outputs/p[1] is 0.75 in sum (expected: 1 within 0.001)"),
        arguments(new Expectation.Sum(P, 1, 0.001, m), p(0.5f, NAN, 0.5f, 0.5f), "outputs/p[0].yes is NaN (expected: a finite number)"),
        arguments(new Expectation.AllowedValues(P, Set.of("0"), m), p(0, 0, 0, 3), "outputs/p[1].yes is 3 (expected: one of 0)"),
        arguments(new Expectation.OfShape(P, List.of(new Dimension.Symbolic("n"), new Dimension.Fixed(2)), m), tensor(3, 1, 2, 3, 4, 5, 6), "outputs/p is of shape [3,2] (expected: [n=2,2])"),
        arguments(new Expectation.OfShape(P, List.of(new Dimension.Free()), m), p(1, 2, 3, 4), "outputs/p is of shape [2,2] (expected: [-1])"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenPromiseThatIsObservedIsOneSuspicionWhoseSentenceSaysBoth(Expectation promise, Tensor output, String sentence) {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), promise);
    assertThat(check(contract, request(speed(1, 2)), output).suspicions()).extracting(Fault::summary).containsExactly(sentence);
  }

  static Stream<Arguments> kept() {
    var m = Mode.ENFORCE;
    return Stream.of(
        arguments(new Expectation.Finite(P, m), p(1, 2, 3, 4)),
        arguments(new Expectation.Finite(new FieldRef("p", "no"), m), p(1, NAN, 2, INF)),
        arguments(new Expectation.Range(P, 0, 0.1, m), p(0, 0.1f, 0, 0)),
        arguments(new Expectation.Range(P, 0, Double.POSITIVE_INFINITY, m), p(0, INF, 0, 0)),
        arguments(new Expectation.Sum(P, 1, 0.001, m), p(0.1f, 0.9f, 0.3f, 0.7f)),
        arguments(new Expectation.AllowedValues(P, Set.of("0", "1"), m), p(0, 1, 1, -0.0f)),
        arguments(new Expectation.OfShape(P, List.of(new Dimension.Symbolic("n"), new Dimension.Symbolic("k")), m), p(0, 1, 1, 0)),
        arguments(new Expectation.Finite(FieldRef.of("other"), m), p(NAN, 1, 1, 0)));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void aKeptPromiseLeavesTheAnswerAlone(Expectation promise, Tensor output) {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), promise);
    assertThat(check(contract, request(speed(1, 2)), output)).isEqualTo(new Checked(List.of(output), List.of()));
  }

  @Test
  void textOutputsAreComparedWithTheAllowedTexts() {
    var label = FieldRef.of("label");
    var contract = promising(List.of(SPEED), List.of(), List.of(spec("label", DataType.BYTES, "n")), new Expectation.AllowedValues(label, Set.of("damage", "none"), Mode.OBSERVE));
    var checked = check(contract, request(speed(1, 2)), Tensor.strings("label", Shape.of(2), List.of("none", "dmg")));
    assertThat(checked.suspicions()).extracting(Fault::code).containsExactly(FaultCode.CHECK_VALUES);
    assertThat(checked.suspicions().getFirst().field().orElseThrow().path()).isEqualTo("outputs/label[1]");
  }

  @Test
  void anEnforcedPromiseIsThrownWithAllOthersInItsEvidence() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), new Expectation.Range(P, 0, 1, Mode.ENFORCE), new Expectation.Sum(P, 1, 0.1, Mode.OBSERVE));
    var fault = thrown(contract, request(speed(1, 2)), p(3, 0, 0.5f, 0.5f));
    assertThat(fault.code()).isEqualTo(FaultCode.CHECK_RANGE);
    assertThat(fault.evidence()).contains(new Evidence.Value("outputs/p[0] is 3 in sum", "1 within 0.1", "contract.yaml"));
    assertThat(fault.evidence()).filteredOn(Evidence.Summary.class::isInstance).hasSize(1);
  }

  @Test
  void onlyAskedOutputsComeBackInTheCallersOrderButAllAreChecked() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB, LABEL), new Expectation.Finite(P, Mode.OBSERVE));
    var asked = request(List.of("label"), InputTensor.of(speed(1, 2), Layout.FLAT, 0));
    Checked checked = new ContractChecker(contract, _ -> false).check(valid(asked), List.of(p(NAN, 0, 0, 0), label(0, 1)), List.of());
    assertThat(checked.outputs()).extracting(Tensor::name).containsExactly("label");
    assertThat(checked.suspicions()).hasSize(1);
  }

  @Test
  void aMissingNullableInputIsNamedAndTheModelIsToBlame() {
    var contract = promising(List.of(SPEED, HEIGHT), List.of(new Rule.Nullable(FieldRef.of("speed"))), List.of(PROB), new Expectation.Finite(P, Mode.ENFORCE));
    var fault = thrown(contract, request(speed(1, NAN), height(1, 2)), p(1, 0, NAN, NAN));
    assertThat(fault.inputs()).extracting(Field::path).containsExactly("inputs/speed[1]");
    assertThat(fault.field().orElseThrow().pointer()).isEqualTo("/inputs/0/data/1");
    assertThat(fault.at().path()).isEqualTo("outputs/p[1].no");
    assertThat(fault.count()).isEqualTo(2);
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.httpStatus()).isEqualTo(500);
    assertThat(fault.mend()).extracting(Mend::text).containsExactly("impute 'speed' before the model, or refuse rows without it: remove `nullable` from 'speed' in contract.yaml");
  }

  @Test
  void aNanThatNoRuleMentionsIsTheCallers() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), new Expectation.Finite(P, Mode.ENFORCE));
    var fault = thrown(contract, request(speed(1, NAN)), p(1, 0, NAN, NAN));
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.httpStatus()).isEqualTo(400);
    assertThat(fault.mend().getFirst().text()).contains("`inputs: {speed: {finite: true}}`");
  }

  @Test
  void aNonfiniteOutputOfSoundInputsIsTheModels() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), new Expectation.Finite(P, Mode.ENFORCE));
    var fault = thrown(contract, request(speed(1, -2)), p(1, 0, NAN, NAN));
    assertThat(fault.inputs()).isEmpty();
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.mend()).isEmpty();
  }

  @Test
  void theFieldThatIsMissingInExactlyTheBadRowsStandsFirst() {
    var contract = promising(List.of(SPEED, HEIGHT, SKY), List.of(new Rule.Nullable(FieldRef.of("speed"))), List.of(PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var sky = new InputTensor(Tensor.strings("sky", Shape.of(3), List.of("", "clear", "")), Layout.FLAT, 0, List.of(new Misfit(0, Misfit.Kind.NULL, "null"), new Misfit(2, Misfit.Kind.NULL, "null")), 2, "");
    var request = request(sky, InputTensor.of(height(1, NAN, NAN), Layout.FLAT, 1), InputTensor.of(speed(NAN, 1, NAN), Layout.FLAT, 2));
    var fault = (CheckFault) check(contract, request, tensor(3, NAN, 0, 0, 0, NAN, 0)).suspicions().getFirst();
    // sky and speed are missing in rows 0 and 2, height in rows 1 and 2
    assertThat(fault.inputs()).extracting(Field::path).containsExactly("inputs/sky[0]", "inputs/speed[0]", "inputs/height[2]");
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
  }

  @Test
  void columnsOfOneTensorAreToldApart() {
    var table = spec("f", DataType.FP32, "n", 3).withColumns(List.of("a", "b", "c"));
    var contract = promising(List.of(table), List.of(new Rule.Nullable(new FieldRef("f", "b"))), List.of(PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var request = request(Tensor.floats("f", Shape.of(2, 3), NAN, 1, 1, NAN, NAN, 1));
    var fault = (CheckFault) check(contract, request, p(0, 0, NAN, NAN)).suspicions().getFirst();
    assertThat(fault.inputs()).extracting(Field::path).containsExactly("inputs/f[1].b", "inputs/f[1].a");
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
  }

  @Test
  void theMendForAColumnIsWrittenAsContractYamlWantsIt() {
    var table = spec("f", DataType.FP32, "n", 2).withColumns(List.of("a", "b"));
    var contract = promising(List.of(table), List.of(), List.of(PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var fault = check(contract, request(Tensor.floats("f", Shape.of(1, 2), 1, NAN)), tensor(1, NAN, NAN)).suspicions().getFirst();
    assertThat(fault.mend().getFirst().text()).contains("`inputs: {f: {fields: {b: {finite: true}}}}`");
  }

  @Test
  void namesToRedactHideWhatTheyName() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), new Expectation.Range(P, 0, 1, Mode.OBSERVE));
    Checker.Factory factory = ContractChecker::new;
    var checked = factory.checker(contract, List.of("p.yes")).check(valid(request(speed(1))), List.of(tensor(1, 0, 77)), List.of());
    assertThat(checked.suspicions().toString()).doesNotContain("77").contains(Shown.REDACTED);
  }

  @Test
  void atMostEightFieldsAreListed() {
    float[] row = new float[40];
    Arrays.fill(row, NAN);
    var contract = promising(List.of(spec("f", DataType.FP32, "n", 40)), List.of(), List.of(PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var fault = (CheckFault) check(contract, request(Tensor.floats("f", Shape.of(1, 40), row)), tensor(1, NAN, NAN)).suspicions().getFirst();
    assertThat(fault.inputs()).hasSize(CulpritSearch.FIELDS_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void aNanThatALabelHidesIsFoundAsStrictlyAsFiniteOutputsArePromised(Mode mode) {
    var contract = promising(List.of(SPEED), List.of(new Rule.Nullable(FieldRef.of("speed"))), List.of(LABEL, PROB), new Expectation.Finite(P, mode));
    CheckFault fault = found(contract, mode, request(speed(1, NAN, NAN)), List.of(label(1, 0, 0)), watched(3, 1, NAN, NAN));
    assertThat(fault.code()).isEqualTo(FaultCode.CHECK_NONFINITE);
    assertThat(fault.summary())
        .isEqualTo("outputs/label[1] is 0, made from NaN by node /label/ArgMax (ArgMax, #9) (expected: a value made from finite numbers, 2 values in all), from inputs/speed[1]");
    assertThat(fault.node()).contains(LOG);
    assertThat(fault.evidence()).contains(new Evidence.Swallowed(ARG_MAX, "log_out", 2));
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.mend().getFirst().text()).startsWith("impute 'speed' before node /log/Log");
  }

  @Test
  void withoutAnyContractAHiddenNanIsObserved() {
    var contract = promising(List.of(SPEED), List.of(), List.of(LABEL));
    var suspicions = new ContractChecker(contract, _ -> false).check(valid(request(speed(NAN))), List.of(label(0)), List.of(watched(1, NAN))).suspicions();
    assertThat(suspicions).extracting(Fault::blame).containsExactly(Blame.CALLER);
  }

  @Test
  void aHiddenNanWhoseRowsAnOutputShowsIsEvidenceForThatOutput() {
    var contract = promising(List.of(SPEED), List.of(), List.of(LABEL, PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var suspicions = new ContractChecker(contract, _ -> false).check(valid(request(speed(1, NAN))), List.of(label(1, 0), p(0, 1, NAN, NAN)), List.of(watched(2, 1, NAN))).suspicions();
    assertThat(suspicions).hasSize(1);
    assertThat(suspicions.getFirst().node()).contains(LOG);
    assertThat(((CheckFault) suspicions.getFirst()).at().path()).isEqualTo("outputs/p[1].no");
  }

  @Test
  void aHiddenNanInOtherRowsThanTheOutputShowsIsAFaultOfItsOwn() {
    var contract = promising(List.of(SPEED), List.of(), List.of(LABEL, PROB), new Expectation.Finite(P, Mode.OBSERVE));
    var suspicions = new ContractChecker(contract, _ -> false).check(valid(request(speed(1, 1))), List.of(label(1, 0), p(NAN, 1, 0, 0)), List.of(watched(2, 1, NAN))).suspicions();
    assertThat(suspicions).extracting(fault -> ((CheckFault) fault).at().path()).containsExactly("outputs/p[0].no", "outputs/label[1]");
  }

  @Test
  void twoOperatorsThatHideTheSameRowsAreOneFaultWithTheFirstProducerAsNode() {
    var later = new Watched(Tensor.floats("z", Shape.of(1), NAN), new NodeRef(5, "/z/Mul", "Mul", "z"), ARG_MAX);
    var contract = promising(List.of(SPEED), List.of(), List.of(LABEL));
    var suspicions = new ContractChecker(contract, _ -> false).check(valid(request(speed(1))), List.of(label(0)), List.of(later, watched(1, NAN))).suspicions();
    assertThat(suspicions).hasSize(1);
    assertThat(((CheckFault) suspicions.getFirst()).nodes()).extracting(NodeRef::name).containsExactly("/log/Log", "/z/Mul");
  }

  @Test
  void infinitiesBeforeAnOperatorThatHidesThemAreMeant() {
    var contract = promising(List.of(SPEED), List.of(), List.of(LABEL));
    assertThat(new ContractChecker(contract, _ -> false).check(valid(request(speed(1))), List.of(label(0)), List.of(watched(1, -INF))).suspicions()).isEmpty();
  }

  @Test
  void hiddenOutputsAndInputsLeaveNoValueInTheFault() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB), new Expectation.Range(P, 0, 1, Mode.OBSERVE));
    var checked = new ContractChecker(contract, field -> true).check(valid(request(speed(1, 2))), List.of(p(77, 0, 0, 0)), List.of(watched(2, 55, NAN)));
    assertThat(checked.suspicions().toString()).doesNotContain("77").doesNotContain("55").contains(Shown.REDACTED);
  }

  @Test
  void anOutputThatTheVersionDidNotMakeIsOurDefectAndSaysWhich() {
    var contract = promising(List.of(SPEED), List.of(), List.of(PROB, LABEL));
    var asked = request(List.of("label"), InputTensor.of(speed(1), Layout.FLAT, 0));
    assertThatThrownBy(() -> new ContractChecker(contract, _ -> false).check(valid(asked), List.of(tensor(1, 0, 1)), List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("output 'label'");
  }

  private static CheckFault found(Contract contract, Mode mode, InferenceRequest request, List<Tensor> outputs, Watched watched) {
    var checker = new ContractChecker(contract, _ -> false);
    return switch (mode) {
      case ENFORCE -> (CheckFault) Given.fault(() -> checker.check(valid(request), outputs, List.of(watched)));
      case OBSERVE -> (CheckFault) checker.check(valid(request), outputs, List.of(watched)).suspicions().getFirst();
    };
  }

  private static CheckFault thrown(Contract contract, InferenceRequest request, Tensor output) {
    return (CheckFault) Given.fault(() -> check(contract, request, output));
  }

  private static Checked check(Contract contract, InferenceRequest request, Tensor output) {
    return new ContractChecker(contract, _ -> false).check(valid(request), List.of(output), List.of());
  }

  private static Validated valid(InferenceRequest request) {
    return new Validated(request, request.inputs().stream().map(InputTensor::tensor).toList());
  }

  private static Watched watched(int rows, float... values) {
    return new Watched(Tensor.floats("log_out", Shape.of(rows), values), LOG, ARG_MAX);
  }

  private static Tensor speed(float... values) {
    return Tensor.floats("speed", Shape.of(values.length), values);
  }

  private static Tensor height(float... values) {
    return Tensor.floats("height", Shape.of(values.length), values);
  }

  private static Tensor label(long... values) {
    return Tensor.longs("label", Shape.of(values.length), values);
  }

  private static Tensor p(float... values) {
    return tensor(2, values);
  }

  private static Tensor tensor(int rows, float... values) {
    return Tensor.floats("p", Shape.of(rows, values.length / rows), values);
  }
}
