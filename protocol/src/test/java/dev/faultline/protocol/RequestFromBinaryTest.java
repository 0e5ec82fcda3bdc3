package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.FaultException;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.request.Payload;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFromBinaryTest {
  @Test
  void jsonAndBinaryInputsStandSideBySideInAnyOrder() {
    String json = Binary.request(
        Binary.input("a", "FP32", "[2]", 8), "{'name':'b','datatype':'INT64','shape':[2],'data':[7,8]}", Binary.input("c", "BYTES", "[2]", 13));
    InferenceRequest request = Binary.decode(Binary.payload(json, Binary.floats(1.5f, -2), Binary.texts("ö", "abc")));
    assertThat(request.inputs()).extracting(InputTensor::name).containsExactly("a", "b", "c");
    assertThat(request.inputs().stream().map(Wire::texts)).containsExactly(List.of("1.5", "-2.0"), List.of("7", "8"), List.of("ö", "abc"));
    assertThat(request.inputs()).extracting(InputTensor::layout).containsExactly(Layout.BINARY, Layout.FLAT, Layout.BINARY);
    assertThat(request.inputs()).extracting(InputTensor::position).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyDataTypeTravelsInBinary(DataType type) {
    byte[] bytes = type == DataType.BYTES ? Binary.texts("", "\u0000", "日本") : new byte[3 * type.width()];
    if (type != DataType.BYTES) {
      bytes[0] = 1;
    }
    InputTensor input = Binary.decode(Binary.payload(Binary.request(Binary.input("x", type.name(), "[3,1]", bytes.length)), bytes)).inputs().getFirst();
    assertThat(input.sizeBreach()).isEmpty();
    assertThat(input.tensor().type()).isEqualTo(type);
    assertThat(input.tensor().shape()).isEqualTo(Shape.of(3, 1));
  }

  @Test
  void elementsOfFixedWidthAreTheBytesOfThePayloadThemselves() {
    Payload payload = Binary.payload(Binary.request(Binary.input("x", "FP32", "[2]", 8)), Binary.floats(1, 2));
    var elements = (Elements.Fixed) Binary.decode(payload).inputs().getFirst().tensor().elements();
    payload.array()[payload.offset() + payload.length() - 1] = (byte) 0xC0;
    assertThat(elements.doubleAt(1)).isEqualTo(-2);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "[3]   | FP32 | 8 | 8 bytes of binary data for shape [3] of FP32, which takes 12",
    "[1]   | FP32 | 8 | 8 bytes of binary data for shape [1] of FP32, which takes 4",
    "[2]   | FP16 | 3 | 3 bytes of binary data for shape [2] of FP16, which takes 4",
    "[0]   | INT8 | 1 | 1 bytes of binary data for shape [0] of INT8, which takes 0",
    "[9223372036854775807] | FP64 | 8 | 8 bytes of binary data for shape [9223372036854775807] of FP64, which takes more than can be counted",
  })
  void bytesThatContradictTheShapeAreKeptForValidationWithBothNumbers(String shape, String type, int size, String breach) {
    Payload payload = Binary.payload(Binary.request(Binary.input("x", type, shape, size)), new byte[size]);
    assertThat(Binary.decode(payload).inputs().getFirst().sizeBreach()).isEqualTo(breach);
  }

  @Test
  void textsThatContradictTheShapeAreKeptForValidationWithBothNumbers() {
    byte[] texts = Binary.texts("a", "b");
    Payload payload = Binary.payload(Binary.request(Binary.input("x", "BYTES", "[3]", texts.length)), texts);
    assertThat(Binary.decode(payload).inputs().getFirst().sizeBreach()).isEqualTo("2 texts in 10 bytes of binary data for shape [3], which holds 3");
  }

  @Test
  void aPayloadShorterThanAnnouncedNamesTheInputAndBothNumbers() {
    String json = Binary.request(Binary.input("a", "FP32", "[2]", 8), Binary.input("b", "FP32", "[2]", 8));
    var fault = (DecodeFault.BinaryLength) Binary.fault(Binary.payload(json, Binary.floats(1, 2, 3)));
    assertThat(fault.summary()).isEqualTo("inputs/b has 4 bytes of binary data (expected: 8)");
  }

  @Test
  void aPayloadLongerThanAnnouncedIsRefused() {
    var fault = Binary.fault(Binary.payload(Binary.request(Binary.input("a", "FP32", "[1]", 4)), Binary.floats(1, 2, 3)));
    assertThat(fault.code()).isEqualTo(FaultCode.DECODE_BINARY_LENGTH);
    assertThat(fault.summary()).contains("8 bytes").contains("expected: 0");
  }

  @Test
  void aTextLongerThanWhatIsLeftNamesTheElement() {
    byte[] texts = Binary.texts("ab", "c");
    texts[6] = (byte) 0xFF;
    texts[9] = (byte) 0xFF;
    var fault = Binary.fault(Binary.payload(Binary.request(Binary.input("x", "BYTES", "[2]", texts.length)), texts));
    assertThat(fault.summary()).isEqualTo("inputs/x[1] has 1 bytes of binary data (expected: 4278190335)");
  }

  @Test
  void aBooleanThatIsNeitherZeroNorOneIsAMisfitAndEveryOneIsFound() {
    InputTensor input = Binary.decode(Binary.payload(Binary.request(Binary.input("x", "BOOL", "[4]", 4)), new byte[] {1, 2, 0, -1})).inputs().getFirst();
    assertThat(input.misfits()).containsExactly(new Misfit(1, Misfit.Kind.OUT_OF_RANGE, "2"), new Misfit(3, Misfit.Kind.OUT_OF_RANGE, "255"));
    assertThat(Wire.texts(input)).containsExactly("true", "false", "false", "false");
  }

  @Test
  void dataAndBinaryDataAtOnceAreRefused() {
    String both = "{'name':'x','datatype':'FP32','shape':[1],'data':[1],'parameters':{'binary_data_size':4}}";
    assertThat(Binary.fault(Binary.payload(Binary.request(both), Binary.floats(1))).summary()).contains("both 'data' and 'binary_data_size'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "\"8\"", "1.5", "true"})
  void aSizeThatIsNoNumberOfBytesIsRefused(String size) {
    String input = "{'name':'x','datatype':'FP32','shape':[1],'parameters':{'binary_data_size':" + size + "}}";
    assertThat(Binary.fault(Binary.payload(Binary.request(input), Binary.floats(1))).code()).isEqualTo(FaultCode.DECODE_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "1e3", "99999999999999999999", "٣"})
  void aHeaderThatIsNoLengthIsRefused(String header) {
    assertThat(Binary.fault(Binary.announced(header, "{}".getBytes(StandardCharsets.UTF_8))).code()).isEqualTo(FaultCode.DECODE_ENCODING_UNSUPPORTED);
  }

  @Test
  void aHeaderBeyondThePayloadIsRefusedWithBothNumbers() {
    assertThat(Binary.fault(Binary.announced("999", "{}".getBytes(StandardCharsets.UTF_8))).summary()).contains("2 bytes").contains("999");
  }

  @Test
  void aHeaderInsideTheJsonIsAJsonThatIsCutOff() {
    assertThat(Binary.fault(Binary.announced("5", "{\"inputs\":[]}".getBytes(StandardCharsets.UTF_8))).code()).isEqualTo(FaultCode.DECODE_JSON);
  }

  @Test
  void aPayloadOfJsonAloneNeedsNoHeader() {
    Payload json = Payload.of(Wire.request("FP32", "[1]", "[2]").getBytes(StandardCharsets.UTF_8), "application/json");
    assertThat(Wire.texts(Binary.decode(json).inputs().getFirst())).containsExactly("2.0");
  }

  @Test
  void rawBytesAreTheOnlyInputAndAskForABinaryAnswer() {
    InferenceRequest request = Binary.raw(Binary.floats(1, 2, 3, 4), Binary.spec(DataType.FP32, -1, 2));
    assertThat(request.inputs().getFirst().tensor().shape()).isEqualTo(Shape.of(2, 2));
    assertThat(request.parameters()).containsEntry("binary_data_output", true);
  }

  @Test
  void rawBytesOfATextInputAreOneTextWithoutItsLength() {
    InputTensor input = Binary.raw("hello".getBytes(StandardCharsets.UTF_8), Binary.spec(DataType.BYTES, -1)).inputs().getFirst();
    assertThat(input.tensor().shape()).isEqualTo(Shape.of(1));
    assertThat(Wire.texts(input)).containsExactly("hello");
  }

  @Test
  void rawBytesThatFillNoWholeRowAreKeptForValidation() {
    InputTensor input = Binary.raw(new byte[12], Binary.spec(DataType.FP32, -1, 2)).inputs().getFirst();
    assertThat(input.sizeBreach()).isEqualTo("12 bytes of binary data for shape [-1, 2] of FP32, which takes a multiple of 8");
  }

  @Test
  void rawBytesForAModelThatNeedsMoreThanThemAreRefusedWithTheReason() {
    assertThatThrownBy(() -> Binary.raw(new byte[4], Binary.spec(DataType.FP32, 1), Binary.spec(DataType.FP32, 1)))
        .isInstanceOf(FaultException.class).hasMessageContaining("has 2 inputs");
    assertThatThrownBy(() -> Binary.raw(new byte[4], Binary.spec(DataType.FP32, -1, -1)))
        .isInstanceOf(FaultException.class).hasMessageContaining("several free dimensions");
  }

  @Test
  void rawBytesForAModelThatIsNotThereAreLeftToRouting() {
    assertThat(Binary.decode(Binary.announced("0", new byte[0], new byte[9])).inputs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "'two'", "true", "1.5"})
  void aClassificationThatIsNoNumberOfClassesIsRefused(String count) {
    String json = "{'inputs':[],'outputs':[{'name':'y','parameters':{'classification':" + count + "}}]}";
    assertThat(Binary.fault(Binary.payload(json)).summary().toLowerCase(Locale.ROOT)).contains("classification").contains("from 1");
  }
}
