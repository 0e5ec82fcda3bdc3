package dev.faultline.serving.stage;

import static dev.faultline.serving.stage.Given.X;
import static dev.faultline.serving.stage.Given.breaches;
import static dev.faultline.serving.stage.Given.contract;
import static dev.faultline.serving.stage.Given.floats;
import static dev.faultline.serving.stage.Given.misfit;
import static dev.faultline.serving.stage.Given.request;
import static dev.faultline.serving.stage.Given.spec;
import static dev.faultline.serving.stage.Given.x;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.contract.TensorSpec.Presence;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.ValidateFault;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractValidatorTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final Contract TABLE =
      contract(
          List.of(spec("f", DataType.FP32, "n", 3).withColumns(List.of("age", "speed", "height"))),
          new Rule.Range(new FieldRef("f", "age"), 0, 120),
          new Rule.Nullable(new FieldRef("f", "speed")),
          new Rule.Finite(FieldRef.of("f")));

  static Stream<Arguments> sentences() {
    var text = contract(List.of(spec("t", DataType.BYTES, -1)), new Rule.Length(FieldRef.of("t"), 1, 5), new Rule.Pattern(FieldRef.of("t"), Pattern.compile("[a-z]*")));
    var sky = contract(List.of(spec("t", DataType.BYTES, -1)), new Rule.AllowedValues(FieldRef.of("t"), Set.of("No Cloud")));
    var ids = contract(List.of(spec("i", DataType.INT64, -1)), new Rule.Range(FieldRef.of("i"), 0, 248));
    return Stream.of(
        arguments(floats(), request(new Tensor[0]), "inputs/x is missing (expected: an input FP32[-1])"),
        arguments(floats(), request(x(1), Tensor.ints("X", Shape.of(1), 1)), "inputs/X is unknown (expected: one of x; did you mean 'x'?)"),
        arguments(floats(), request(x(1), x(2)), "inputs/x is given twice (expected: each input once)"),
        arguments(floats(), request(Tensor.ints("x", Shape.of(1), 1)), "inputs/x is INT32 (expected: FP32)"),
        arguments(floats(), request(Tensor.floats("x", Shape.of(1, 1), 1)), "inputs/x is of shape [1,1] (expected: 1 dimensions, [n])"),
        arguments(TABLE, request(Tensor.floats("f", Shape.of(1, 2), 1, 2)), "inputs/f is of shape [1,2] (expected: [n,3])"),
        arguments(TABLE, request(Tensor.floats("f", Shape.of(2, 3), 1, 2, 3, -4, 2, 3)), "inputs/f[1].age is -4 (expected: [0,120])"),
        arguments(TABLE, request(Tensor.floats("f", Shape.of(1, 3), 1, 2, NAN)), "inputs/f[0].height is NaN (expected: a finite number)"),
        arguments(TABLE, request(Tensor.floats("f", Shape.of(1, 3), 1, INF, 2)), "inputs/f[0].speed is Infinity (expected: a finite number)"),
        arguments(floats(new Rule.Range(X, 0, Double.POSITIVE_INFINITY)), request(x(-0.5f)), "inputs/x[0] is -0.5 (expected: at least 0)"),
        arguments(floats(new Rule.Range(X, 0, 1)), request(x(NAN)), "inputs/x[0] is NaN (expected: [0,1])"),
        arguments(floats(new Rule.AllowedValues(X, Set.of("2"))), request(x(2, 3)), "inputs/x[1] is 3 (expected: one of 2)"),
        arguments(floats(new Rule.Rows(X, 1, 2)), request(Tensor.floats("x", Shape.of(0))), "inputs/x is of shape [0] (expected: at least 1 along the first axis, the smallest batch)"),
        arguments(floats(new Rule.Rows(X, 2)), request(x(1, 2, 3)), "inputs/x is of shape [3] (expected: at most 2 along the first axis, the largest batch)"),
        arguments(ids, request(Tensor.longs("i", Shape.of(1), 312)), "inputs/i[0] is 312 (expected: [0,248])"),
        arguments(text, request(Tensor.strings("t", Shape.of(1), List.of("abcdef"))), "inputs/t[0] is 'abcdef' (expected: 1 to 5 characters)"),
        arguments(text, request(Tensor.strings("t", Shape.of(1), List.of("A1"))), "inputs/t[0] is 'A1' (expected: a text that matches [a-z]*)"),
        arguments(sky, request(Tensor.strings("t", Shape.of(1), List.of("Cloud\n"))), "inputs/t[0] is 'Cloud\\u000a' (expected: one of No Cloud)"),
        arguments(floats(), request(misfit(x(NAN), 0, Misfit.Kind.NULL, "null")), "inputs/x[0] is null (expected: a value)"),
        arguments(floats(), request(misfit(x(NAN), 0, Misfit.Kind.WRONG_TYPE, "\"12\"")), "inputs/x[0] is \"12\" (expected: a number, FP32)"),
        arguments(floats(), request(misfit(x(NAN), 0, Misfit.Kind.OUT_OF_RANGE, "1e999")), "inputs/x[0] is 1e999 (expected: a number that FP32 can hold)"),
        arguments(ids, request(misfit(Tensor.longs("i", Shape.of(1), 0), 0, Misfit.Kind.NOT_INTEGRAL, "1.5")), "inputs/i[0] is 1.5 (expected: an integer, INT64)"),
        arguments(
            floats(),
            request(new InputTensor(Tensor.floats("x", Shape.of(0)), Layout.FLAT, 0, List.of(), 0, "5 values for shape [2,3]")),
            "inputs/x is 5 values for shape [2,3] (expected: as many values as the shape holds)"));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void oneThingWrongIsOneBreachThatSaysWhatWasFoundAndWhatWasExpected(Contract contract, InferenceRequest request, String sentence) {
    assertThat(breaches(contract, request)).extracting(Breach::sentence).containsExactly(sentence);
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments(floats(new Rule.Finite(X), new Rule.Range(X, 0, 0.1), new Rule.Nullable(X)), x(0, 0.1f, NAN)),
        arguments(floats(new Rule.AllowedValues(X, Set.of("0.1", "0"))), x(0.1f, -0.0f, 0)),
        arguments(floats(new Rule.AllowedValues(X, Set.of("1")), new Rule.Nullable(X)), x(1, NAN)),
        arguments(floats(), x(NAN, INF)),
        arguments(floats(new Rule.Finite(X)), x()),
        arguments(floats(new Rule.Finite(FieldRef.of("other")), new Rule.Finite(new FieldRef("x", "nocolumn"))), x(NAN)),
        arguments(contract(List.of(spec("x", DataType.INT64, -1)), new Rule.AllowedValues(X, Set.of("9007199254740993"))), Tensor.longs("x", Shape.of(1), 9007199254740993L)),
        arguments(contract(List.of(spec("x", DataType.BOOL, -1)), new Rule.AllowedValues(X, Set.of("true"))), bools(true)),
        arguments(contract(List.of(spec("x", DataType.BYTES, -1)), new Rule.Length(X, 3, 3)), Tensor.strings("x", Shape.of(1), List.of("äö😀"))),
        arguments(contract(List.of(spec("x", DataType.FP16)), new Rule.Range(X, 0.1, 0.1)), half(0.1f)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void whatTheContractAllowsPassesUntouched(Contract contract, Tensor tensor) {
    var validator = new ContractValidator(contract, _ -> false);
    assertThat(validator.validate(request(tensor)).inputs()).containsExactly(tensor);
  }

  @Test
  void identifiersAreComparedExactlyBeyondWhatADoubleHolds() {
    var ids = contract(List.of(spec("x", DataType.INT64, -1)), new Rule.AllowedValues(X, Set.of("9007199254740993")));
    assertThat(breaches(ids, request(Tensor.longs("x", Shape.of(1), 9007199254740992L)))).hasSize(1);
  }

  @Test
  void inputsComeOutInTheContractsOrderWithoutAbsentOptionalOnes() {
    var optional = new TensorSpec("b", DataType.FP32, List.of(), List.of(), Presence.OPTIONAL);
    var contract = contract(List.of(spec("a", DataType.FP32), optional, spec("c", DataType.FP32)));
    Validated valid = new ContractValidator(contract, _ -> false).validate(request(scalar("c"), scalar("a")));
    assertThat(valid.inputs()).extracting(Tensor::name).containsExactly("a", "c");
  }

  @Test
  void symbolsThatDisagreeNameTheOddInputAndAWitness() {
    var contract = contract(List.of(spec("a", DataType.FP32, "n"), spec("b", DataType.FP32, "n"), spec("c", DataType.FP32, "n", 1)));
    var request = request(Tensor.floats("a", Shape.of(1), 1), Tensor.floats("b", Shape.of(2), 1, 2), Tensor.floats("c", Shape.of(2, 1), 1, 2));
    assertThat(breaches(contract, request))
        .extracting(Breach::sentence)
        .containsExactly("inputs/a is of shape [1] (expected: [n], where n is 2 as in inputs/b of shape [2])");
  }

  @Test
  void aSymbolTwiceInOneTensorMustAgreeWithItself() {
    var contract = contract(List.of(spec("a", DataType.FP32, "n", "n")));
    assertThat(breaches(contract, request(Tensor.floats("a", Shape.of(1, 2), 1, 2)))).extracting(Breach::code).containsExactly(FaultCode.VALIDATE_DIMENSION);
    assertThat(breaches(contract, request(Tensor.floats("a", Shape.of(1, 1), 1)))).isEmpty();
  }

  @Test
  void noRowsAreFineUnlessTheContractFixesTheirNumber() {
    assertThat(breaches(TABLE, request(Tensor.floats("f", Shape.of(0, 3))))).isEmpty();
    assertThat(breaches(contract(List.of(spec("x", DataType.FP32, 2))), request(x()))).extracting(Breach::code).containsExactly(FaultCode.VALIDATE_DIMENSION);
  }

  @Test
  void namedColumnsFixTheLastAxis() {
    var contract = contract(List.of(spec("f", DataType.FP32, -1, -1).withColumns(List.of("a", "b"))));
    assertThat(breaches(contract, request(Tensor.floats("f", Shape.of(1, 3), 1, 2, 3)))).extracting(Breach::want).containsExactly("[-1,2]");
  }

  @Test
  void nullPassesWhereTheFieldIsNullableWhateverItsPlaceholder() {
    var text = contract(List.of(spec("x", DataType.BYTES, -1)), new Rule.Nullable(X), new Rule.Length(X, 2, 9));
    var ints = contract(List.of(spec("x", DataType.INT32, -1)), new Rule.Nullable(X), new Rule.Range(X, 5, 9));
    assertThat(breaches(floats(new Rule.Nullable(X)), request(misfit(x(NAN), 0, Misfit.Kind.NULL, "null")))).isEmpty();
    assertThat(breaches(text, request(misfit(Tensor.strings("x", Shape.of(1), List.of("")), 0, Misfit.Kind.NULL, "null")))).isEmpty();
    assertThat(breaches(text, request(Tensor.strings("x", Shape.of(1), List.of(""))))).extracting(Breach::code).containsExactly(FaultCode.VALIDATE_LENGTH);
    assertThat(breaches(ints, request(misfit(Tensor.ints("x", Shape.of(1), 0), 0, Misfit.Kind.NULL, "null")))).isEmpty();
    assertThat(breaches(ints, request(Tensor.ints("x", Shape.of(1), 0)))).extracting(Breach::code).containsExactly(FaultCode.VALIDATE_RANGE);
  }

  @Test
  void nullsBeyondTheListOfMisfitsPassToo() {
    var listed = List.of(new Misfit(0, Misfit.Kind.NULL, "null"));
    var ints = contract(List.of(spec("x", DataType.INT32, -1)), new Rule.Nullable(X), new Rule.Range(X, 5, 9));
    var text = contract(List.of(spec("x", DataType.BYTES, -1)), new Rule.Nullable(X), new Rule.Length(X, 2, 9));
    assertThat(breaches(ints, request(new InputTensor(Tensor.ints("x", Shape.of(3), 0, 0, 4), Layout.FLAT, 0, listed, 2, "")))).extracting(Breach::got).containsExactly("4");
    assertThat(breaches(text, request(new InputTensor(Tensor.strings("x", Shape.of(3), List.of("", "", "a")), Layout.FLAT, 0, listed, 2, "")))).extracting(Breach::got).containsExactly("'a'");
  }

  @Test
  void aWrongTypeIsRefusedEvenWhereNullIsAllowed() {
    var request = request(misfit(x(NAN), 0, Misfit.Kind.WRONG_TYPE, "\"null\""));
    assertThat(breaches(floats(new Rule.Nullable(X)), request)).extracting(Breach::code).containsExactly(FaultCode.VALIDATE_DATA_TYPE);
  }

  @Test
  void aMisfitIsNotJudgedAgainByTheRules() {
    var contract = contract(List.of(spec("x", DataType.INT32, -1)), new Rule.Range(X, 5, 9));
    assertThat(breaches(contract, request(misfit(Tensor.ints("x", Shape.of(2), 0, 6), 0, Misfit.Kind.WRONG_TYPE, "\"a\"")))).hasSize(1);
  }

  @Test
  void everyBreachIsReportedStructureFirst() {
    var contract = contract(List.of(spec("a", DataType.FP32, -1), spec("b", DataType.FP32, -1), spec("c", DataType.FP32, -1)), new Rule.Range(FieldRef.of("a"), 0, 1));
    var request =
        request(List.of("scor"), InputTensor.of(Tensor.floats("a", Shape.of(3), 2, 0, -1), Layout.FLAT, 0), InputTensor.of(Tensor.ints("b", Shape.of(1), 1), Layout.FLAT, 1), InputTensor.of(Tensor.ints("d", Shape.of(1), 1), Layout.FLAT, 2));
    assertThat(breaches(contract, request))
        .extracting(breach -> breach.code().label() + " " + breach.field().path() + " " + breach.field().pointer())
        .containsExactly(
            "validate.missing_input inputs/c /inputs",
            "validate.unknown_input inputs/d /inputs/2",
            "validate.unknown_output outputs/scor /outputs/0",
            "validate.data_type inputs/b /inputs/1",
            "validate.range inputs/a[0] /inputs/0/data/0",
            "validate.range inputs/a[2] /inputs/0/data/2");
  }

  @Test
  void sixtyFourBreachesAreKeptAndAllAreCounted() {
    float[] values = new float[100_000];
    Arrays.fill(values, -1);
    var validator = new ContractValidator(floats(new Rule.Range(X, 0, 1)), _ -> false);
    var fault = (ValidateFault) Given.fault(() -> validator.validate(request(x(values))));
    assertThat(fault.breaches()).hasSize(Breaches.KEPT_MAX);
    assertThat(fault.total()).isEqualTo(100_000);
    assertThat(fault.summary()).isEqualTo("inputs/x[0] is -1 (expected: [0,1]); and 99999 more");
  }

  @Test
  void misfitsBeyondTheListAreCounted() {
    var input = new InputTensor(x(NAN, NAN, NAN), Layout.FLAT, 0, List.of(new Misfit(0, Misfit.Kind.NULL, "null")), 3, "");
    var fault = (ValidateFault) Given.fault(() -> new ContractValidator(floats(), _ -> false).validate(request(input)));
    assertThat(fault.breaches()).hasSize(1);
    assertThat(fault.total()).isEqualTo(3);
  }

  @Test
  void hiddenValuesNeverStandInABreach() {
    var validator = new ContractValidator(TABLE, new FieldRef("f", "age")::equals);
    var request = request(new InputTensor(Tensor.floats("f", Shape.of(1, 3), -77, 2, NAN), Layout.FLAT, 0, List.of(), 0, ""));
    assertThat(breaches(validator, request)).extracting(Breach::got).containsExactly("[redacted]", "NaN");
    var misfit = request(misfit(Tensor.floats("f", Shape.of(1, 3), NAN, 2, 2), 0, Misfit.Kind.WRONG_TYPE, "\"secret\""));
    assertThat(breaches(validator, misfit)).extracting(Breach::got).containsExactly("[redacted]");
  }

  @Test
  void namesToRedactHideWhatTheyName() {
    Validator.Factory factory = ContractValidator::new;
    var request = request(Tensor.floats("f", Shape.of(1, 3), -77, 2, 3));
    assertThat(breaches(factory.validator(TABLE, List.of("f.age")), request)).extracting(Breach::got).containsExactly("[redacted]");
    assertThat(breaches(factory.validator(TABLE, List.of("f")), request)).extracting(Breach::got).containsExactly("[redacted]");
    assertThat(breaches(factory.validator(TABLE, List.of("f.speed")), request)).extracting(Breach::got).containsExactly("-77");
  }

  @Test
  void evidenceSaysWhoseRuleItIs() {
    var validator = new ContractValidator(floats(new Rule.Finite(X)), _ -> false);
    assertThat(Given.fault(() -> validator.validate(request(x(NAN)))).evidence()).containsExactly(new Evidence.Value("NaN", "a finite number", "contract.yaml"));
    assertThat(Given.fault(() -> validator.validate(request(new Tensor[0]))).evidence()).containsExactly(new Evidence.Value("missing", "an input FP32[-1]", "graph"));
  }

  @Test
  void recordsArePointedAtByTheirMembers() {
    var request = request(InputTensor.of(Tensor.floats("f", Shape.of(2, 3), 1, 2, 3, 999, 2, 3), Layout.RECORDS, 0));
    assertThat(breaches(TABLE, request)).extracting(breach -> breach.field().pointer()).containsExactly("/instances/1/age");
  }

  private static Tensor scalar(String name) {
    return Tensor.floats(name, Shape.SCALAR, 1);
  }

  private static Tensor bools(boolean value) {
    var bytes = Elements.allocate(DataType.BOOL, 1).put(0, (byte) (value ? 1 : 0));
    return new Tensor("x", DataType.BOOL, Shape.of(1), Elements.fixed(DataType.BOOL, bytes));
  }

  private static Tensor half(float value) {
    var bytes = Elements.allocate(DataType.FP16, 1).putShort(0, Float.floatToFloat16(value));
    return new Tensor("x", DataType.FP16, Shape.SCALAR, Elements.fixed(DataType.FP16, bytes));
  }
}
