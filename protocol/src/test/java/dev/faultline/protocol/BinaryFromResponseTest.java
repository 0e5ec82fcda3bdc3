package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BinaryFromResponseTest {
  private static final Tensor FLOATS = Tensor.floats("f", Shape.of(2), 1, -2);
  private static final Tensor TEXTS = Tensor.strings("t", Shape.of(2), List.of("ö", ""));

  @Test
  void withoutAWishTheAnswerIsJson() {
    Payload answer = encode(Map.of(), List.of());
    assertThat(answer.contentType()).isEqualTo("application/json");
    assertThat(BinaryContentType.jsonLength(answer)).isEmpty();
  }

  @Test
  void aWishOfTheRequestHoldsForAllOutputsInTheirOrder() {
    Payload answer = encode(Map.of("binary_data_output", true), List.of());
    assertThat(head(answer)).isEqualTo(
        "{\"model_name\":\"m\",\"model_version\":\"1\",\"outputs\":["
            + "{\"name\":\"f\",\"datatype\":\"FP32\",\"shape\":[2],\"parameters\":{\"binary_data_size\":8}},"
            + "{\"name\":\"t\",\"datatype\":\"BYTES\",\"shape\":[2],\"parameters\":{\"binary_data_size\":10}}]}");
    assertThat(tail(answer)).isEqualTo(concat(Binary.floats(1, -2), Binary.texts("ö", "")));
  }

  @Test
  void aWishOfTheOutputCountsBeforeThatOfTheRequest() {
    var json = new RequestedOutput("f", Map.of("binary_data", false));
    var binary = new RequestedOutput("t", Map.of());
    Payload answer = encode(Map.of("binary_data_output", true), List.of(json, binary));
    assertThat(head(answer)).contains("\"data\":[1.0,-2.0]").contains("\"binary_data_size\":10");
    assertThat(tail(answer)).isEqualTo(Binary.texts("ö", ""));
  }

  @Test
  void halfFloatsTravelInBinary() {
    var half = new Tensor("h", DataType.FP16, Shape.of(1), Elements.fixed(DataType.FP16, ByteBuffer.wrap(new byte[] {0, 0x3C})));
    Payload answer = encode(new InferenceResponse("", new ResolvedVersion("m", "1", ""), Map.of(), List.of(half)), Map.of("binary_data_output", true), List.of());
    assertThat(tail(answer)).isEqualTo(new byte[] {0, 0x3C});
  }

  @Test
  void classesAreTheHighestValuesOfEachRowWithIndexAndLabel() {
    Tensor scores = Tensor.floats("s", Shape.of(2, 3), 0.1f, 0.7f, 0.2f, Float.NaN, 5, 5);
    var asked = new RequestedOutput("s", Map.of("classification", 2L));
    var response = new InferenceResponse("", new ResolvedVersion("m", "1", ""), Map.of(), List.of(scores));
    Payload answer = new BinaryFromResponse((_, output) -> output.equals("s") ? List.of("cat", "dog") : List.of()).encode(response, request(Map.of(), List.of(asked)));
    assertThat(Wire.text(answer)).endsWith(
        "\"outputs\":[{\"name\":\"s\",\"datatype\":\"BYTES\",\"shape\":[2,2],\"data\":[\"0.700000:1:dog\",\"0.200000:2\",\"5.000000:1:dog\",\"5.000000:2\"]}]}");
  }

  @Test
  void moreClassesThanThereAreAreAllThereAre() {
    Tensor scores = Tensor.longs("s", Shape.of(2), 3, 9);
    var asked = new RequestedOutput("s", Map.of("classification", 9L));
    Payload answer = encode(new InferenceResponse("", new ResolvedVersion("m", "1", ""), Map.of(), List.of(scores)), Map.of(), List.of(asked));
    assertThat(Wire.text(answer)).contains("\"shape\":[2],\"data\":[\"9:1\",\"3:0\"]");
  }

  private static Payload encode(Map<String, Object> parameters, List<RequestedOutput> outputs) {
    return encode(new InferenceResponse("", new ResolvedVersion("m", "1", ""), Map.of(), List.of(FLOATS, TEXTS)), parameters, outputs);
  }

  private static Payload encode(InferenceResponse response, Map<String, Object> parameters, List<RequestedOutput> outputs) {
    return new BinaryFromResponse(Labels.NONE).encode(response, request(parameters, outputs));
  }

  private static InferenceRequest request(Map<String, Object> parameters, List<RequestedOutput> outputs) {
    return new InferenceRequest("", Wire.MODEL, parameters, List.of(), outputs, Deadline.NEVER);
  }

  private static String head(Payload answer) {
    return new String(answer.array(), answer.offset(), BinaryContentType.jsonLength(answer).orElseThrow(), StandardCharsets.UTF_8);
  }

  private static byte[] tail(Payload answer) {
    return Arrays.copyOfRange(answer.copyOfBytes(), BinaryContentType.jsonLength(answer).orElseThrow(), answer.length());
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}
