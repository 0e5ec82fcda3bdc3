package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.Contract;
import dev.faultline.fault.FaultException;
import dev.faultline.protocol.RequestFromBinary;
import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.protocol.RequestFromV1Json;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// A request as a capture keeps it, decoded again as it was when it arrived.
final class CapturedRequest {
  private CapturedRequest() {}

  /// Empty when the payload was not kept, was withheld, or cannot be read.
  ///
  /// @param capture a capture of the admin API with its payload
  /// @param contract what KServe V1 is read by, whose values have no types
  static Optional<InferenceRequest> of(JsonNode capture, Contract contract) {
    Payload payload = payload(capture);
    if (payload.length() == 0 || payload.contentType().equals(Redaction.WITHHELD)) {
      return Optional.empty();
    }
    try {
      return Optional.of(decoded(arrival(capture, payload), contract));
    } catch (FaultException e) {
      // what cannot be read was a fault then and is one now
      return Optional.empty();
    }
  }

  private static InferenceRequest decoded(Arrival arrival, Contract contract) {
    return switch (arrival.protocol()) {
      case V2_REST, DIRECT -> new RequestFromBinary().decode(arrival, _ -> Optional.of(contract));
      case V1_REST -> new RequestFromV1Json().decode(arrival, _ -> Optional.of(contract));
      case V2_GRPC -> new RequestFromGrpc().decode(arrival);
    };
  }

  /// A request of the Open Inference Protocol V2 in JSON, from a file.
  ///
  /// @throws FaultException when it is none
  static InferenceRequest ofJson(byte[] json) {
    return new RequestFromBinary().decode(arrival(Protocol.V2_REST, "", "", Map.of(), Payload.of(json, "application/json")), _ -> Optional.empty());
  }

  private static Payload payload(JsonNode capture) {
    JsonNode kept = capture.path("payload");
    String data = text(kept, "data");
    byte[] bytes = text(kept, "encoding").equals("base64") ? Base64.getDecoder().decode(data) : data.getBytes(StandardCharsets.UTF_8);
    return Payload.of(bytes, text(capture, "payload_type"));
  }

  private static Arrival arrival(JsonNode capture, Payload payload) {
    Protocol protocol = Arrays.stream(Protocol.values()).filter(each -> each.label().equals(text(capture, "protocol"))).findFirst().orElse(Protocol.V2_REST);
    var headers = new java.util.HashMap<String, String>();
    capture.path("headers").properties().forEach(each -> headers.put(each.getKey(), each.getValue().asText()));
    return arrival(protocol, text(capture.path("model"), "name"), text(capture.path("model"), "version"), headers, payload);
  }

  private static Arrival arrival(Protocol protocol, String model, String version, Map<String, String> headers, Payload payload) {
    return new Arrival(
        new RequestId("faultline-cli"), protocol, "POST", "", Map.of(), headers, "", "", "", new ModelRef(model, version), payload, 0, Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
  }
}
