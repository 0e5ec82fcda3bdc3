package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Requests for tests: payloads in, decoded requests or faults out.
final class Wire {
  static final ModelRef MODEL = new ModelRef("m", "");
  static final Instant AT = Instant.parse("2026-11-23T10:04:11.482Z");

  private Wire() {}

  static Arrival arrival(Payload payload, ModelRef model, Deadline deadline) {
    return new Arrival(
        new RequestId("req-1"), Protocol.V2_REST, "POST", "/v2/models/m/infer", Map.of(), Map.of(), "4bf92f3577b34da6a3ce929d0e0e4736", "",
        "127.0.0.1", model, payload, 1_000, AT, deadline, Cancellation.NEVER);
  }

  static Arrival arrival(byte[] json) {
    return arrival(Payload.of(json, "application/json"), MODEL, Deadline.NEVER);
  }

  static Arrival arrival(String json) {
    return arrival(json.getBytes(StandardCharsets.UTF_8));
  }

  static InferenceRequest decode(String json) {
    return new RequestFromJson().decode(arrival(json));
  }

  static Fault fault(String json) {
    return fault(json.getBytes(StandardCharsets.UTF_8));
  }

  static Fault fault(byte[] json) {
    Throwable thrown = catchThrowable(() -> new RequestFromJson().decode(arrival(json)));
    assertThat(thrown).isInstanceOf(FaultException.class);
    return ((FaultException) thrown).fault();
  }

  /// The fault's summary and pointer of a payload that is not the JSON asked for.
  static DecodeFault.Json notJson(String json) {
    Fault fault = fault(json);
    assertThat(fault).isInstanceOf(DecodeFault.Json.class);
    return (DecodeFault.Json) fault;
  }

  /// A request with one input.
  static String request(String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"x\",\"shape\":" + shape + ",\"datatype\":\"" + datatype + "\",\"data\":" + data + "}]}";
  }

  static InputTensor input(String datatype, String shape, String data) {
    return decode(request(datatype, shape, data)).inputs().getFirst();
  }

  /// An input of one element.
  static InputTensor element(String datatype, String value) {
    return input(datatype, "[1]", "[" + value + "]");
  }

  static List<String> texts(InputTensor input) {
    return java.util.stream.IntStream.range(0, input.tensor().count()).mapToObj(input.tensor()::textAt).toList();
  }

  static String text(Payload payload) {
    return new String(payload.copyOfBytes(), StandardCharsets.UTF_8);
  }
}
