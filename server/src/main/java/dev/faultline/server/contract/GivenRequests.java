package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.server.contract.ContractOrderException.Kind;
import dev.faultline.server.contract.Drafts.Served;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Requests that somebody brings and vouches for: V2 JSON requests, or captures as the admin API shows them whole.
final class GivenRequests {
  private GivenRequests() {}

  static List<KeptCall> of(List<JsonNode> documents, Served served) throws ContractOrderException {
    var calls = new ArrayList<KeptCall>();
    for (JsonNode each : documents) {
      calls.add(call(each, "request " + (calls.size() + 1), served));
    }
    return List.copyOf(calls);
  }

  private static KeptCall call(JsonNode document, String name, Served served) throws ContractOrderException {
    if (document.path("inputs").isArray()) {
      Payload payload = json(document.toString().getBytes(StandardCharsets.UTF_8));
      return new KeptCall(name, KeptCall.Kind.GOOD, "", "", arrival(name, Protocol.V2_REST, Map.of(), payload, served), false, 1);
    }
    JsonNode payload = document.path("payload");
    if (!payload.path("data").isTextual()) {
      throw new ContractOrderException(Kind.INVALID, name + " is neither a V2 request with 'inputs' nor a whole capture with a 'payload'");
    }
    Protocol protocol = Arrays.stream(Protocol.values()).filter(each -> each.label().equals(document.path("protocol").asText())).findFirst().orElse(Protocol.V2_REST);
    var headers = new TreeMap<String, String>();
    document.path("headers").properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    String id = document.path("id").asText(name);
    return new KeptCall(id, KeptCall.Kind.GOOD, "", "", arrival(id, protocol, headers, bytes(payload, document.path("payload_type").asText("application/json"), name), served), document.path("redacted").asBoolean(), 1);
  }

  private static Payload bytes(JsonNode payload, String type, String name) throws ContractOrderException {
    String data = payload.path("data").asText();
    try {
      byte[] bytes = payload.path("encoding").asText().equals("base64") ? Base64.getDecoder().decode(data) : data.getBytes(StandardCharsets.UTF_8);
      return Payload.of(bytes, type);
    } catch (IllegalArgumentException e) {
      throw new ContractOrderException(Kind.INVALID, name + " has a payload that is no base64: " + e.getMessage(), e);
    }
  }

  private static Payload json(byte[] bytes) {
    return Payload.of(bytes, "application/json");
  }

  private static Arrival arrival(String id, Protocol protocol, Map<String, String> headers, Payload payload, Served served) {
    String path = "/v2/models/" + served.model() + "/versions/" + served.name() + "/infer";
    return new Arrival(new RequestId(id), protocol, "POST", path, Map.of(), headers, "", "", "", new ModelRef(served.model(), served.name()), payload, 0, Instant.EPOCH, Deadline.NEVER, Cancellation.NEVER);
  }
}
