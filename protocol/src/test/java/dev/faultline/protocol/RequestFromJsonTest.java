package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFromJsonTest {
  private static final String INPUTS = "\"inputs\":[]";

  @Test
  void aWholeRequestIsRead() {
    InferenceRequest request =
        Wire.decode(
            """
            {"id":"a1","parameters":{"priority":1,"share":0.5,"tag":"t","flag":true},
             "inputs":[{"name":"age","shape":[2,1],"datatype":"FP32","data":[41,42.5]},
                       {"name":"city","datatype":"BYTES","shape":[2],"parameters":{"content_type":"str"},"data":["Köln","Bonn"]}],
             "outputs":[{"name":"p","parameters":{"binary_data":false}},{"name":"label"}]}
            """);
    assertThat(request.id()).isEqualTo("a1");
    assertThat(request.model()).isEqualTo(Wire.MODEL);
    assertThat(request.parameters()).isEqualTo(Map.of("priority", 1L, "share", 0.5, "tag", "t", "flag", true));
    assertThat(request.inputs()).extracting(InputTensor::name).containsExactly("age", "city");
    assertThat(request.inputs().getFirst().tensor().shape()).isEqualTo(Shape.of(2, 1));
    assertThat(Wire.texts(request.inputs().getFirst())).containsExactly("41.0", "42.5");
    assertThat(Wire.texts(request.inputs().getLast())).containsExactly("Köln", "Bonn");
    assertThat(request.inputs().getLast().pointer()).isEqualTo("/inputs/1");
    assertThat(request.outputs())
        .containsExactly(new RequestedOutput("p", Map.of("binary_data", false)), new RequestedOutput("label", Map.of()));
    assertThat(request.deadline().isNever()).isTrue();
  }

  @Test
  void unknownMembersAreIgnoredAtEveryLevel() {
    InferenceRequest request =
        Wire.decode(
            """
            {"extra":{"a":[1,{"b":null}]},"inputs":[{"name":"x","extra":[NaN],"shape":[1],"datatype":"INT8","data":[1]}],
             "outputs":[{"name":"y","extra":{}}]}
            """);
    assertThat(request.inputs()).hasSize(1);
    assertThat(request.outputs()).extracting(RequestedOutput::name).containsExactly("y");
  }

  @Test
  void headersInTheParametersAreKeptAsTheyCame() {
    InferenceRequest request = Wire.decode("{\"parameters\":{\"headers\":{\"Ce-Id\":\"1\", \"n\":[2,{}]},\"priority\":1}," + INPUTS + "}");
    assertThat(request.parameters()).containsEntry("headers", "{\"Ce-Id\":\"1\",\"n\":[2,{}]}").containsEntry("priority", 1L);
  }

  @Test
  void nullForAnOptionalMemberIsAsIfAbsent() {
    InferenceRequest request = Wire.decode("{\"id\":null,\"parameters\":null,\"outputs\":null," + INPUTS + "}");
    assertThat(request.id()).isEmpty();
    assertThat(request.parameters()).isEmpty();
    assertThat(request.outputs()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data':[[1,2],[3,null]],'name':'x','shape':[2,2],'datatype':'FP32'}",
        "{'shape':[2,2],'data':[[1,2],[3,null]],'datatype':'FP32','name':'x'}",
        "{'datatype':'FP32','data' : [[1,2],\n [3,null]] ,'shape':[2,2],'name':'ü'}",
        "{'datatype':'FP32','shape':[2,2],'data':[[1,2],[3,null]],'name':'x'}"
      })
  void dataMayComeBeforeWhatDescribesIt(String input) {
    InputTensor read = Wire.decode("{\"id\":\"ä\",\"inputs\":[" + input.replace('\'', '"') + "]}").inputs().getFirst();
    assertThat(Wire.texts(read)).containsExactly("1.0", "2.0", "3.0", "NaN");
    assertThat(read.misfits()).hasSize(1);
    assertThat(read.layout()).isEqualTo(InputTensor.Layout.NESTED);
  }

  @Test
  void earlyDataIsFoundAgainBehindAnOffsetAndAByteOrderMark() {
    String json = "\uFEFF{\"inputs\":[{\"data\":[7,8],\"name\":\"x\",\"shape\":[2],\"datatype\":\"INT32\"}]}";
    byte[] bytes = ("#####" + json + "#####").getBytes(StandardCharsets.UTF_8);
    Payload part = Payload.of(bytes, 5, bytes.length - 10, "application/json");
    InferenceRequest request = new RequestFromJson().decode(Wire.arrival(part, Wire.MODEL, Deadline.NEVER));
    assertThat(Wire.texts(request.inputs().getFirst())).containsExactly("7", "8");
  }

  @Test
  void theTimeoutIsInMicrosecondsFromTheArrival() {
    Deadline deadline = Wire.decode("{\"parameters\":{\"timeout\":2500}," + INPUTS + "}").deadline();
    assertThat(deadline).isEqualTo(new Deadline(1_000 + 2_500_000, 2_500_000));
  }

  @Test
  void theEarlierDeadlineOfTransportAndPayloadCounts() {
    Deadline transport = Deadline.after(1_000, 5_000_000);
    assertThat(decode("{\"parameters\":{\"timeout\":2500}," + INPUTS + "}", Wire.MODEL, transport).deadline().budgetNanos()).isEqualTo(2_500_000);
    assertThat(decode("{\"parameters\":{\"timeout\":9500}," + INPUTS + "}", Wire.MODEL, transport).deadline()).isEqualTo(transport);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE, Long.MAX_VALUE / 1_000})
  void aTimeoutOfZeroOrBeyondReasonIsNone(long micros) {
    assertThat(Wire.decode("{\"parameters\":{\"timeout\":" + micros + "}," + INPUTS + "}").deadline().isNever()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"3\"", "3"})
  void theVersionCanBePinnedByParameter(String version) {
    String json = "{\"parameters\":{\"faultline_pin_version\":" + version + "}," + INPUTS + "}";
    assertThat(Wire.decode(json).model()).isEqualTo(new ModelRef("m", "3"));
    assertThat(decode(json, new ModelRef("m", "3"), Deadline.NEVER).model()).isEqualTo(new ModelRef("m", "3"));
    assertThatThrownBy(() -> decode(json, new ModelRef("m", "2"), Deadline.NEVER)).hasMessageContaining("'2'").hasMessageContaining("'3'");
  }

  @Test
  void parametersStayReadableForWhoComesLater() {
    InferenceRequest request = Wire.decode("{\"parameters\":{\"timeout\":1,\"faultline_pin_version\":\"3\"}," + INPUTS + "}");
    assertThat(request.parameters()).containsOnlyKeys("timeout", "faultline_pin_version");
  }

  @Test
  void aLargeTensorArrivesWhole() {
    int count = 100_000;
    var data = new StringBuilder("[0.5");
    for (int i = 1; i < count; i++) {
      data.append(',').append(i).append(".5");
    }
    InputTensor input = Wire.input("FP64", "[" + count + "]", data.append(']').toString());
    assertThat(input.tensor().count()).isEqualTo(count);
    assertThat(input.tensor().doubleAt(count - 1)).isEqualTo(count - 0.5);
    assertThat(List.of(input.tensor().doubleAt(16), input.tensor().doubleAt(63), input.tensor().doubleAt(64))).containsExactly(16.5, 63.5, 64.5);
  }

  private static InferenceRequest decode(String json, ModelRef model, Deadline deadline) {
    Arrival arrival = Wire.arrival(Payload.of(json.getBytes(StandardCharsets.UTF_8), "application/json"), model, deadline);
    return new RequestFromJson().decode(arrival);
  }
}
