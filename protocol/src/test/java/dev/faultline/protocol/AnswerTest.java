package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.request.RequestedOutput;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final ResolvedVersion VERSION = new ResolvedVersion("m", "2", "sha256:ab");

  @Test
  void aV2AnswerHasTheProtocolsMembersAndNoOther() {
    Payload payload = v2("a\"1", Tensor.floats("p", Shape.of(2, 1), 0.1f, 3), Tensor.strings("label", Shape.of(2), List.of("jä", "\u0007\"")));
    assertThat(payload.contentType()).isEqualTo("application/json");
    assertThat(Wire.text(payload))
        .isEqualTo(
            "{\"model_name\":\"m\",\"model_version\":\"2\",\"id\":\"a\\\"1\",\"outputs\":["
                + "{\"name\":\"p\",\"datatype\":\"FP32\",\"shape\":[2,1],\"data\":[0.1,3.0]},"
                + "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"jä\",\"\\u0007\\\"\"]}]}");
  }

  @Test
  void idAndParametersAreLeftOutWhenThereAreNone() {
    assertThat(Wire.text(v2("", Tensor.longs("y", Shape.of(0))))).doesNotContain("id", "parameters");
    var response = new InferenceResponse("", VERSION, Map.of("a", 1L), List.of());
    assertThat(Wire.text(new JsonFromResponse().encode(response, request()))).contains("\"parameters\":{\"a\":1}");
  }

  @Test
  void outputsComeInTheOrderTheyWereAskedFor() {
    var response = new InferenceResponse("", VERSION, Map.of(), List.of(Tensor.longs("a", Shape.of(1), 1), Tensor.longs("b", Shape.of(1), 2)));
    assertThat(Wire.text(new JsonFromResponse().encode(response, request("b", "a", "c")))).containsSubsequence("\"b\"", "\"a\"").doesNotContain("\"c\"");
    assertThat(Wire.text(new JsonFromResponse().encode(response, request("b")))).doesNotContain("\"a\"");
  }

  @Test
  void numbersAreWrittenWhole() {
    assertThat(data(Tensor.longs("y", Shape.of(2), Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo("[-9223372036854775808,9223372036854775807]");
    assertThat(data(fixed(DataType.UINT64, -1, 5))).isEqualTo("[18446744073709551615,5]");
    assertThat(data(fixed(DataType.BOOL, 1, 0))).isEqualTo("[true,false]");
    assertThat(data(fixed(DataType.UINT8, 255))).isEqualTo("[255]");
    assertThat(data(fixed(DataType.INT8, 255))).isEqualTo("[-1]");
  }

  @Test
  void nonFiniteValuesAreTheBareWordsThatPythonReads() {
    Tensor suspicious = Tensor.floats("y", Shape.of(3), Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    assertThat(data(suspicious)).isEqualTo("[NaN,Infinity,-Infinity]");
    assertThat(Wire.text(v1(suspicious))).isEqualTo("{\"predictions\":[NaN,Infinity,-Infinity]}");
    assertThat(data(Tensor.doubles("y", Shape.of(1), Double.NaN))).isEqualTo("[NaN]");
  }

  @Test
  void everyFloatReadsBackAsTheSameFloat() throws JsonProcessingException {
    long seed = System.nanoTime();
    System.out.println("AnswerTest seed " + seed);
    var random = new Random(seed);
    int count = 10_000;
    var floats = new float[count];
    var doubles = new double[count];
    for (int i = 0; i < count; i++) {
      floats[i] = finite(Float.intBitsToFloat(random.nextInt()));
      double drawn = Double.longBitsToDouble(random.nextLong());
      doubles[i] = Double.isFinite(drawn) ? drawn : 0;
    }
    JsonNode node = new ObjectMapper().readTree(Wire.text(v2("", Tensor.floats("f", Shape.of(count), floats), Tensor.doubles("d", Shape.of(count), doubles))));
    String[] written = data(Tensor.floats("f", Shape.of(count), floats)).replaceAll("[\\[\\]]", "").split(",", -1);
    assertThat(IntStream.range(0, count).allMatch(i -> Float.parseFloat(written[i]) == floats[i])).isTrue();
    assertThat(IntStream.range(0, count).allMatch(i -> node.at("/outputs/1/data/" + i).doubleValue() == doubles[i])).isTrue();
  }

  @Test
  void textThatIsNotUtf8IsAFaultThatNamesTheElement() {
    byte[][] texts = {"ok".getBytes(java.nio.charset.StandardCharsets.UTF_8), {(byte) 0xC3, 0x28}};
    Fault fault = fault(() -> v2("", new Tensor("blob", DataType.BYTES, Shape.of(1, 2), Elements.strings(texts))));
    assertThat(fault.code().label()).isEqualTo("encode.failed");
    assertThat(fault.summary())
        .isEqualTo("the answer could not be written: outputs/blob[0,1] is not UTF-8 text, which JSON needs; ask for output 'blob' with binary_data: true");
    assertThat(fault.field().orElseThrow().index()).containsExactly(0L, 1L);
  }

  @Test
  void halfFloatsAreAFaultInBothProtocols() {
    assertThat(fault(() -> v2("", fixed(DataType.FP16, 0))).summary()).contains("sending FP16 data via JSON is not supported");
    assertThat(fault(() -> v1(fixed(DataType.BF16, 0))).summary()).contains("sending BF16 data via JSON is not supported");
  }

  @Test
  void aV1AnswerWithOneOutputIsAListOfRows() {
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(2), 1, 2)))).isEqualTo("{\"predictions\":[1,2]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(2, 1), 1, 2)))).isEqualTo("{\"predictions\":[1,2]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(2, 2), 1, 2, 3, 4)))).isEqualTo("{\"predictions\":[[1,2],[3,4]]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(2, 1, 2), 1, 2, 3, 4)))).isEqualTo("{\"predictions\":[[[1,2]],[[3,4]]]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(0, 2))))).isEqualTo("{\"predictions\":[]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.of(2, 0))))).isEqualTo("{\"predictions\":[[],[]]}");
    assertThat(Wire.text(v1(Tensor.longs("y", Shape.SCALAR, 7)))).isEqualTo("{\"predictions\":[7]}");
  }

  @Test
  void aV1AnswerWithSeveralOutputsIsAListOfObjects() {
    Payload payload = v1(Tensor.longs("label", Shape.of(2), 1, 0), Tensor.floats("p", Shape.of(2, 2), 0.25f, 0.75f, 1, 0));
    assertThat(Wire.text(payload)).isEqualTo("{\"predictions\":[{\"label\":1,\"p\":[0.25,0.75]},{\"label\":0,\"p\":[1.0,0.0]}]}");
  }

  @Test
  void outputsWithDifferentRowsHaveNoV1Form() {
    Fault fault = fault(() -> v1(Tensor.longs("a", Shape.of(2), 1, 2), Tensor.longs("total", Shape.of(1), 3)));
    assertThat(fault.summary()).contains("output 'total' has 1 rows and 'a' has 2");
  }

  @Test
  void metadataIsWhatTheProtocolAsksFor() {
    var contract =
        new dev.faultline.contract.Contract(
            List.of(
                dev.faultline.contract.TensorSpec.of(
                    "x", DataType.FP32, List.of(new dev.faultline.contract.Dimension.Symbolic("N"), new dev.faultline.contract.Dimension.Fixed(3)))),
            List.of(dev.faultline.contract.TensorSpec.of("y", DataType.BYTES, List.of(new dev.faultline.contract.Dimension.Free()))),
            List.of(), List.of(), List.of());
    assertThat(Wire.text(MetadataJson.model("m", List.of("1", "2"), MetadataJson.ONNX, contract)))
        .isEqualTo(
            "{\"name\":\"m\",\"versions\":[\"1\",\"2\"],\"platform\":\"onnx_onnxv1\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,3]}],"
                + "\"outputs\":[{\"name\":\"y\",\"datatype\":\"BYTES\",\"shape\":[-1]}]}");
    assertThat(Wire.text(MetadataJson.server("0.1", List.of("e")))).isEqualTo("{\"name\":\"faultline\",\"version\":\"0.1\",\"extensions\":[\"e\"]}");
    assertThat(Wire.text(MetadataJson.live())).isEqualTo("{\"live\":true}");
    assertThat(Wire.text(MetadataJson.ready(false))).isEqualTo("{\"live\":true,\"ready\":false}");
    assertThat(Wire.text(MetadataJson.models(List.of("a", "b")))).isEqualTo("{\"models\":[\"a\",\"b\"]}");
    assertThat(Wire.text(MetadataJson.modelReady("m", true))).isEqualTo("{\"name\":\"m\",\"ready\":true}");
    assertThat(MetadataJson.live().contentType()).isEqualTo("application/json");
  }

  private static float finite(float drawn) {
    return Float.isFinite(drawn) ? drawn : 0;
  }

  private static String data(Tensor tensor) {
    String text = Wire.text(v2("", tensor));
    return text.substring(text.indexOf("\"data\":") + 7, text.length() - 3);
  }

  private static Payload v2(String id, Tensor... outputs) {
    return new JsonFromResponse().encode(new InferenceResponse(id, VERSION, Map.of(), List.of(outputs)), request());
  }

  private static Payload v1(Tensor... outputs) {
    return new V1JsonFromResponse().encode(new InferenceResponse("", VERSION, Map.of(), List.of(outputs)), request());
  }

  private static InferenceRequest request(String... outputs) {
    List<RequestedOutput> asked = java.util.Arrays.stream(outputs).map(name -> new RequestedOutput(name, Map.of())).toList();
    return new InferenceRequest("", Wire.MODEL, Map.of(), List.of(), asked, Deadline.NEVER);
  }

  private static Fault fault(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(FaultException.class, call).fault();
  }

  private static Tensor fixed(DataType type, long... values) {
    ByteBuffer bytes = Elements.allocate(type, values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      for (int b = 0; b < type.width(); b++) {
        bytes.put(i * type.width() + b, (byte) (values[i] >>> (8 * b)));
      }
    }
    return new Tensor("y", type, Shape.of(values.length), Elements.fixed(type, bytes));
  }
}
