package dev.faultline.server.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.protocol.inference.LogSettingsRequest;
import dev.faultline.protocol.inference.LogSettingsResponse;
import dev.faultline.protocol.inference.TraceSettingResponse;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.RequestBody.Reading;
import dev.faultline.server.http.Route;
import dev.faultline.server.release.Actor;
import dev.faultline.server.triton.Extensions;
import dev.faultline.server.triton.JsonFromMessage;
import dev.faultline.server.triton.ModelConfigDocument;
import dev.faultline.server.triton.Refusal;
import dev.faultline.server.triton.Refusal.Kind;
import dev.faultline.server.triton.TritonExtensions;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Triton's extensions over HTTP: the JSON of what the gRPC port answers. Long because each extension has its own paths.
final class TritonEndpoints {
  private static final long BODY_BYTES_MAX = 64 << 10;
  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);
  private static final String TRACE_LEVEL = "trace_level";
  private static final HeaderName X_ACTOR = HeaderNames.create("X-Actor");

  private final TritonExtensions triton;

  TritonEndpoints(TritonExtensions triton) {
    this.triton = triton;
  }

  private interface Answering {
    JsonNode answer(Call call) throws Refusal;
  }

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
      routes.add(get(model + "/config", this::config));
      routes.add(get(model + "/stats", this::statistics));
    }
    routes.add(get("/v2/models/stats", this::statistics));
    routes.add(post("/v2/repository/index", this::index));
    routes.add(post("/v2/repository/models/{model}/load", this::load));
    routes.add(post("/v2/repository/models/{model}/unload", this::unload));
    routes.add(get("/v2/logging", _ -> log(Map.of())));
    routes.add(post("/v2/logging", call -> log(logSettings(body(call)))));
    for (String place : List.of("/v2/trace/setting", "/v2/models/{model}/trace/setting")) {
      routes.add(get(place, call -> trace(call, Map.of())));
      routes.add(post(place, call -> trace(call, traceSettings(body(call)))));
    }
    for (String kind : List.of("systemsharedmemory", "cudasharedmemory")) {
      routes.add(get("/v2/" + kind + "/status", _ -> unsupported(Extensions.SHARED_MEMORY)));
      routes.add(get("/v2/" + kind + "/region/{region}/status", _ -> unsupported(Extensions.SHARED_MEMORY)));
      routes.add(post("/v2/" + kind + "/unregister", _ -> unsupported(Extensions.SHARED_MEMORY)));
      routes.add(post("/v2/" + kind + "/region/{region}/register", _ -> unsupported(Extensions.SHARED_MEMORY)));
      routes.add(post("/v2/" + kind + "/region/{region}/unregister", _ -> unsupported(Extensions.SHARED_MEMORY)));
    }
    return routes;
  }

  private JsonNode config(Call call) throws Refusal {
    return JsonFromMessage.of(ModelConfigDocument.of(triton.models().ready(call.variable("model"), call.variable("version"))));
  }

  private JsonNode statistics(Call call) throws Refusal {
    return JsonFromMessage.of(triton.statistics().statistics(call.variable("model"), call.variable("version")));
  }

  private JsonNode index(Call call) throws Refusal {
    boolean readyOnly = body(call).path("ready").asBoolean(false);
    ArrayNode index = JsonNodeFactory.instance.arrayNode();
    triton.repository().index(readyOnly).getModelsList().forEach(model -> index.add(JsonFromMessage.of(model)));
    return index;
  }

  private JsonNode load(Call call) throws Refusal {
    Map<String, String> parameters = new HashMap<>();
    body(call).path("parameters").properties().forEach(each -> parameters.put(each.getKey(), each.getValue().asText()));
    triton.repository().load(call.variable("model"), parameters);
    triton.audit().record(actor(call), "load", call.variable("model"), "", "model " + call.variable("model") + " is loaded from its repository");
    return JsonNodeFactory.instance.objectNode();
  }

  private JsonNode unload(Call call) throws Refusal {
    triton.repository().unload(call.variable("model"));
    triton.audit().record(actor(call), "unload", call.variable("model"), "", "model " + call.variable("model") + " is unloaded");
    return JsonNodeFactory.instance.objectNode();
  }

  private static Actor actor(Call call) {
    String named = call.header(X_ACTOR).strip();
    return new Actor(named.isEmpty() ? "data port" : named, call.peerHost());
  }

  private JsonNode log(Map<String, LogSettingsRequest.SettingValue> wanted) throws Refusal {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    LogSettingsResponse now = triton.log().apply(wanted);
    now.getSettingsMap().forEach((name, value) -> {
      switch (value.getParameterChoiceCase()) {
        case BOOL_PARAM -> node.put(name, value.getBoolParam());
        case UINT32_PARAM -> node.put(name, value.getUint32Param());
        case STRING_PARAM, PARAMETERCHOICE_NOT_SET -> node.put(name, value.getStringParam());
      }
    });
    return node;
  }

  private static Map<String, LogSettingsRequest.SettingValue> logSettings(JsonNode body) throws Refusal {
    var settings = new HashMap<String, LogSettingsRequest.SettingValue>();
    for (Map.Entry<String, JsonNode> each : body.properties()) {
      var value = LogSettingsRequest.SettingValue.newBuilder();
      switch (each.getValue().getNodeType()) {
        case BOOLEAN -> value.setBoolParam(each.getValue().asBoolean());
        case NUMBER -> value.setUint32Param(each.getValue().asInt());
        case STRING -> value.setStringParam(each.getValue().asText());
        case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO ->
            throw new Refusal(Kind.INVALID_ARGUMENT, "log setting '" + each.getKey() + "' is " + each.getValue() + " (expected: a boolean, a number or a string)");
      }
      settings.put(each.getKey(), value.build());
    }
    return settings;
  }

  private JsonNode trace(Call call, Map<String, List<String>> wanted) throws Refusal {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    TraceSettingResponse now = triton.trace().apply(call.variable("model"), wanted);
    now.getSettingsMap().forEach((name, value) -> {
      if (name.equals(TRACE_LEVEL)) {
        value.getValueList().forEach(node.withArray(name)::add);
      } else {
        node.put(name, String.join(",", value.getValueList()));
      }
    });
    return node;
  }

  /// Texts or lists of texts; `null` clears.
  private static Map<String, List<String>> traceSettings(JsonNode body) {
    var settings = new HashMap<String, List<String>>();
    for (Map.Entry<String, JsonNode> each : body.properties()) {
      var values = new ArrayList<String>();
      if (each.getValue().isArray()) {
        each.getValue().forEach(value -> values.add(value.asText()));
      } else if (!each.getValue().isNull()) {
        values.add(each.getValue().asText());
      }
      settings.put(each.getKey(), values);
    }
    return settings;
  }

  private static JsonNode unsupported(String sentence) throws Refusal {
    throw new Refusal(Kind.UNIMPLEMENTED, sentence);
  }

  /// The call's JSON object; an empty body is an empty object.
  private static JsonNode body(Call call) throws Refusal {
    return switch (call.body().read(BODY_BYTES_MAX, BODY_TIMEOUT)) {
      case Reading.Whole(Payload payload) -> parsed(payload);
      case Reading.TooLarge _ -> throw new Refusal(Kind.INVALID_ARGUMENT, "the body has more than " + BODY_BYTES_MAX + " bytes");
      case Reading.Malformed(String reason) -> throw new Refusal(Kind.INVALID_ARGUMENT, "the body's framing is broken: " + reason);
      case Reading.Left _ -> throw new Refusal(Kind.INVALID_ARGUMENT, "the body did not arrive");
    };
  }

  private static JsonNode parsed(Payload payload) throws Refusal {
    if (payload.length() == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode body = Mapping.MAPPER.readTree(payload.array(), payload.offset(), payload.length());
      if (body instanceof ObjectNode) {
        return body;
      }
      throw new Refusal(Kind.INVALID_ARGUMENT, "the body is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new Refusal(Kind.INVALID_ARGUMENT, "the body is not JSON: " + e.getOriginalMessage());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private static Route get(String template, Answering answering) {
    return Route.get(template, call -> answer(answering, call));
  }

  private static Route post(String template, Answering answering) {
    return Route.post(template, Endpoint.answering(call -> answer(answering, call)));
  }

  private static Answer answer(Answering answering, Call call) {
    try {
      return Answer.ok(json(answering.answer(call)));
    } catch (Refusal e) {
      return Answer.error(e.kind().httpStatus(), e.sentence());
    }
  }

  private static Payload json(JsonNode node) {
    try {
      return Payload.of(Mapping.MAPPER.writeValueAsBytes(node), "application/json");
    } catch (JsonProcessingException e) {
      throw new java.io.UncheckedIOException("a tree is always JSON", e);
    }
  }

  /// Made when the first such call comes: it takes a good part of a start.
  private static final class Mapping {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }
}
