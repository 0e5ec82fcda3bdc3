package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.contract.TensorSpec.Presence;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `'` is written for the JSON quote.
class RequestFromV1JsonTest {
  private static final Contract STRIKES =
      contract(spec("speed", DataType.FP32, -1, 1), spec("origin", DataType.BYTES, -1, 1), spec("birds", DataType.INT64, -1));
  private static final Contract COLUMNS = contract(spec("features", DataType.FP32, -1, 3).withColumns(List.of("age", "income", "a/b")));
  private static final Contract IMAGES = contract(spec("image", DataType.FP32, -1, 2, 2));
  private static final Contract SCALARS = contract(spec("x", DataType.FP32, -1));

  @Test
  void recordsBecomeOneTensorPerInputWithABatchAxis() {
    InferenceRequest request =
        decode(STRIKES, "{'signature_name':'s','instances':[{'speed':120,'origin':'TX','birds':2},{'birds':1,'origin':'NY','speed':[99.5]}]}");
    assertThat(shapes(request)).containsExactly("speed FP32[2,1]", "origin BYTES[2,1]", "birds INT64[2]");
    assertThat(request.inputs()).extracting(Wire::texts).containsExactly(List.of("120.0", "99.5"), List.of("TX", "NY"), List.of("2", "1"));
    assertThat(request.inputs()).extracting(InputTensor::layout).containsOnly(Layout.RECORDS);
    assertThat(request.inputs().getFirst().field(1, List.of()).pointer()).isEqualTo("/instances/1/speed");
    assertThat(request.id()).isEmpty();
  }

  @Test
  void anAbsentMemberIsAMisfitNull() {
    InferenceRequest request = decode(STRIKES, "{'instances':[{'speed':1,'origin':'TX','birds':2},{}]}");
    assertThat(request.inputs()).allSatisfy(input -> assertThat(input.misfits()).containsExactly(new Misfit(1, Misfit.Kind.NULL, "absent")));
    assertThat(request.inputs()).extracting(Wire::texts).containsExactly(List.of("1.0", "NaN"), List.of("TX", ""), List.of("2", "0"));
  }

  @Test
  void nullAndUnfitMembersAreMisfits() {
    InferenceRequest request = decode(STRIKES, "{'instances':[{'speed':null,'origin':5,'birds':1.5}]}");
    assertThat(request.inputs()).extracting(input -> input.misfits().getFirst().kind())
        .containsExactly(Misfit.Kind.NULL, Misfit.Kind.WRONG_TYPE, Misfit.Kind.NOT_INTEGRAL);
  }

  @Test
  void anUnknownMemberIsKeptOnceUnderItsName() {
    InferenceRequest request =
        decode(STRIKES, "{'instances':[{'sped':1.5,'n':1,'t':'a','f':true,'o':{},'z':null},{'sped':2,'n':1}]}");
    assertThat(shapes(request).subList(3, 9))
        .containsExactly("sped FP64[1]", "n INT64[1]", "t BYTES[1]", "f BOOL[1]", "o BYTES[0]", "z FP64[1]");
  }

  @Test
  void unknownMembersAreBounded() {
    var json = new StringBuilder("{'instances':[{'speed':1");
    for (int i = 0; i < 500; i++) {
      json.append(",'u").append(i).append("':1");
    }
    assertThat(decode(STRIKES, json.append("}]}").toString()).inputs()).hasSize(3 + InstancesFromJson.UNKNOWN_MAX);
  }

  @Test
  void membersAreTheColumnsOfASingleInputWithNamedColumns() {
    InferenceRequest request = decode(COLUMNS, "{'instances':[{'a/b':3,'age':1,'income':2},{'age':4,'income':null}]}");
    InputTensor input = request.inputs().getFirst();
    assertThat(shapes(request)).containsExactly("features FP32[2,3]");
    assertThat(Wire.texts(input)).containsExactly("1.0", "2.0", "3.0", "4.0", "NaN", "NaN");
    assertThat(input.misfits()).containsExactly(new Misfit(4, Misfit.Kind.NULL, "null"), new Misfit(5, Misfit.Kind.NULL, "absent"));
    assertThat(input.field(5, List.of("age", "income", "a/b")).pointer()).isEqualTo("/instances/1/a~1b");
  }

  @Test
  void aSingleInputWithColumnsMayStandUnderItsOwnName() {
    assertThat(shapes(decode(COLUMNS, "{'instances':[{'features':[1,2,3]},{'features':[4,5,6]}]}"))).containsExactly("features FP32[2,3]");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      [1,2,3]                       | x FP32[3]
      [[1],[2]]                     | x FP32[2,1]
      [[1,2],[3,4]]                 | x FP32[2,2]
      [null]                        | x FP32[1]
      []                            | x FP32[0]
      [[],[]]                       | x FP32[2,0]
      """)
  void rowsShowTheirOwnShape(String instances, String shape) {
    InferenceRequest request = decode(SCALARS, "{'instances':" + instances + "}");
    assertThat(shapes(request)).containsExactly(shape);
    assertThat(request.inputs().getFirst().sizeBreach()).isEmpty();
  }

  @Test
  void nestedRowsKeepTheirAxesAndPointers() {
    InputTensor input = decode(IMAGES, "{'instances':[[[1,2],[3,4]],[[5,6],[7,'8']]]}").inputs().getFirst();
    assertThat(input.tensor().shape()).hasToString("[2,2,2]");
    assertThat(input.field(input.misfits().getFirst().flat(), List.of()).pointer()).isEqualTo("/instances/1/1/1");
  }

  @Test
  void thePointerOfARowOfOneValueIsTheRow() {
    Contract contract = contract(spec("x", DataType.FP32, -1, 1));
    InputTensor input = decode(contract, "{'instances':[1,'2']}").inputs().getFirst();
    assertThat(input.tensor().shape()).hasToString("[2,1]");
    assertThat(input.field(1, List.of()).pointer()).isEqualTo("/instances/1");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      [[[1,2],[3,4]],[[5,6],[7]]]    | in instances[1] an array of 1 where others have 2
      [[[1,2],[3]]]                  | in instances[0] an array of 1 where others have 2
      [[[1,2],[3,4]],[5,6]]          | in instances[1] an array 1 deep, where others are 2 deep
      [[[1,2],[3,4]],7]              | in instances[1] a single value, where others have 4
      [[1,[2]]]                      | in instances[0] an array 2 deep, where others are 1 deep
      [{"image":[[1,2],[3,4]]},{}]   | in instances[1] no value, where a row has 4
      [{},{"image":[[1,2],[3,4]]}]   | in instances[0] no value, where a row has 4
      """)
  void rowsOfDifferentShapesAreASizeBreach(String instances, String breach) {
    assertThat(decode(IMAGES, "{'instances':" + instances + "}").inputs().getFirst().sizeBreach()).isEqualTo(breach);
  }

  @Test
  void noInstancesAreABatchOfNoRows() {
    assertThat(shapes(decode(STRIKES, "{'instances':[]}"))).containsExactly("speed FP32[0,1]", "origin BYTES[0,1]", "birds INT64[0]");
    assertThat(shapes(decode(COLUMNS, "{'instances':[]}"))).containsExactly("features FP32[0,3]");
  }

  @Test
  void anOptionalInputIsThereOnlyWhenSomeRecordHasIt() {
    Contract contract =
        contract(spec("x", DataType.FP32, -1), new TensorSpec("o", DataType.INT32, List.of(new Dimension.Free()), List.of(), Presence.OPTIONAL));
    assertThat(shapes(decode(contract, "{'instances':[{'x':1},{'x':2}]}"))).containsExactly("x FP32[2]");
    InputTensor late = decode(contract, "{'instances':[{'x':1},{'x':2,'o':7},{'x':3}]}").inputs().getLast();
    assertThat(Wire.texts(late)).containsExactly("0", "7", "0");
    assertThat(late.misfits()).extracting(Misfit::flat).containsExactly(0, 2);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {}                                          | ``           | the request has no 'instances'
      {'instances':5}                             | /instances   | instances is the number 5
      {'instances':null}                          | /instances   | instances is null
      {'instances':[{'speed':1},[2]]}             | /instances/1 | instances[1] is an array (expected: objects, like the instances before it)
      {'instances':[{'speed':1},null]}            | /instances/1 | instances[1] is null (expected: objects
      {'instances':[[1]]}                         | /instances/0 | instances[0] is an array (expected: an object, because the model has 3 inputs: speed, origin, birds)
      {'instances':[{'speed':1,'speed':2}]}       | /instances/0/speed | member 'speed' stands twice
      {'instances':[{'speed':1]}                  | /instances/0/speed | not JSON
      """)
  void theFormIsCheckedLikeThatOfV2(String json, String pointer, String said) {
    DecodeFault.Json fault = (DecodeFault.Json) fault(STRIKES, json);
    assertThat(fault.summary()).contains(said);
    assertThat(fault.where().pointer()).isEqualTo(pointer);
  }

  @Test
  void rowsThenRecordsAreMixed() {
    assertThat(fault(SCALARS, "{'instances':[1,{'x':2}]}").summary()).contains("instances[1] is an object (expected: arrays or values");
  }

  @Test
  void ofAnUnknownModelOnlyTheFormIsChecked() {
    var decoder = new RequestFromV1Json();
    var arrival = Wire.arrival("{\"instances\":[{\"a\":1},[2]]}");
    assertThat(decoder.decode(arrival, _ -> Optional.empty()).inputs()).isEmpty();
    assertThatThrownBy(() -> decoder.decode(Wire.arrival("{\"instances\":[1,]}"), _ -> Optional.empty())).isInstanceOf(FaultException.class);
  }

  @Test
  void halfFloatsHaveNoJsonForm() {
    assertThat(fault(contract(spec("h", DataType.FP16, -1)), "{'instances':[1]}").code().label()).isEqualTo("decode.data_type_unsupported");
  }

  @Test
  void recordsCannotMakeTheServerKeepMoreThanABoundedNumberOfAbsentValues() {
    String json = "{'instances':[" + "{},".repeat(Absences.ABSENT_MAX / 3 + 1) + "{}]}";
    assertThat(fault(STRIKES, json).summary()).isEqualTo("the records lack more than 1000000 values of the model's inputs");
  }

  @Test
  void theDeadlineOfTheTransportStays() {
    var deadline = dev.faultline.request.Deadline.after(5, 10);
    var payload = dev.faultline.request.Payload.of("{\"instances\":[1]}".getBytes(java.nio.charset.StandardCharsets.UTF_8), "application/json");
    assertThat(new RequestFromV1Json().decode(Wire.arrival(payload, Wire.MODEL, deadline), _ -> Optional.of(SCALARS)).deadline()).isEqualTo(deadline);
  }

  private static InferenceRequest decode(Contract contract, String json) {
    return new RequestFromV1Json().decode(Wire.arrival(json.replace('\'', '"')), _ -> Optional.of(contract));
  }

  private static dev.faultline.fault.Fault fault(Contract contract, String json) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(FaultException.class, () -> decode(contract, json)).fault();
  }

  private static List<String> shapes(InferenceRequest request) {
    return request.inputs().stream().map(input -> input.tensor().toString()).toList();
  }

  private static Contract contract(TensorSpec... inputs) {
    return new Contract(List.of(inputs), List.of(), List.of(), List.of(), List.of("graph"));
  }

  private static TensorSpec spec(String name, DataType type, long... extents) {
    return TensorSpec.of(
        name, type, Arrays.stream(extents).<Dimension>mapToObj(each -> each < 0 ? new Dimension.Symbolic("N") : new Dimension.Fixed(each)).toList());
  }
}
