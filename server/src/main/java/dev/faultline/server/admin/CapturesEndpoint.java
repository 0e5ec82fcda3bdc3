package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `captures`: requests that were kept, newest first; one of them with its payload and what it left behind.
final class CapturesEndpoint {
  private static final List<String> FILTERS = Arrays.stream(By.values()).map(By::label).toList();
  private static final String DETAIL = "detail";
  private static final List<String> LIST_PARAMETERS = Stream.concat(FILTERS.stream(), Stream.of(DETAIL)).toList();

  private final CaptureStore store;

  CapturesEndpoint(CaptureStore store) {
    this.store = store;
  }

  /// `?detail=whole` answers them with their payloads; such a page ends early when the payloads grow large.
  Answer list(Call call) {
    Query query = Query.of(call, LIST_PARAMETERS);
    boolean whole = isWhole(query);
    CaptureQuery asked = CaptureQuery.all().since(query.since()).until(query.until()).after(query.cursor()).limit(query.limit());
    for (Map.Entry<String, String> filter : query.filters().entrySet()) {
      Optional<By> by = By.find(filter.getKey());
      asked = by.isPresent() ? asked.where(by.get(), filter.getValue()) : asked;
    }
    CapturePage page = store.query(whole ? asked.whole() : asked);
    return Json.answer(new Page(page.items().stream().<JsonNode>map(whole ? CapturesEndpoint::whole : CapturesEndpoint::summary).toList(), page.nextCursor()).document());
  }

  private static boolean isWhole(Query query) {
    String detail = query.filter(DETAIL).orElse("summary");
    if (!List.of("summary", "whole").contains(detail)) {
      throw Refusal.badRequest("parameter 'detail' is '" + detail + "' (expected: summary or whole)");
    }
    return detail.equals("whole");
  }

  /// `?payload=raw` answers the payload alone, as it arrived.
  Answer one(Call call) {
    Map<String, String> given = Query.given(call, List.of("payload"), List.of());
    String id = call.variable("id");
    Capture capture = store.find(id).orElseThrow(() -> Refusal.notFound("there is no capture '" + id + "' (expected: an id such as cap_...; old ones make room)"));
    return switch (given.getOrDefault("payload", "")) {
      case "" -> Json.answer(whole(capture));
      case "raw" -> Answer.ok(raw(capture.payload()));
      default -> throw Refusal.badRequest("parameter 'payload' is '" + given.get("payload") + "' (expected: raw)");
    };
  }

  /// Never as a type that a browser would run.
  private static Payload raw(Payload payload) {
    boolean json = payload.contentType().startsWith("application/json");
    return Payload.of(payload.array(), payload.offset(), payload.length(), json ? "application/json" : "application/octet-stream");
  }

  private static ObjectNode summary(Capture capture) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("schema", "faultline/capture.v1");
    document.put("id", capture.id());
    document.put("kind", capture.kind().name());
    document.put("at", capture.at().toString());
    document.put("sampling_rate", capture.samplingRate());
    document.put("request_id", capture.call().requestId());
    document.put("trace_id", capture.call().traceId().isEmpty() ? null : capture.call().traceId());
    document.put("protocol", capture.call().protocol());
    document.put("method", capture.call().method());
    document.put("path", capture.call().path());
    document.put("client", capture.call().client());
    ObjectNode headers = document.putObject("headers");
    capture.call().headers().forEach(headers::put);
    document.putObject("model").put("name", capture.version().model()).put("version", capture.version().version()).put("digest", capture.version().digest());
    document.put("http", capture.httpStatus());
    document.put("duration_ms", capture.durationNanos() / 1e6);
    document.put("payload_bytes", capture.payloadBytes());
    document.put("payload_type", capture.payload().contentType());
    document.put("redacted", capture.redacted());
    ArrayNode faults = document.putArray("faults");
    capture.faults().forEach(fault -> faults.addObject()
        .put("id", fault.id())
        .put("code", fault.code())
        .put("stage", fault.stage())
        .put("blame", fault.blame())
        .put("group", fault.group())
        .put("fingerprint", fault.fingerprint())
        .put("field", fault.field().isEmpty() ? null : fault.field())
        .put("node", fault.node().isEmpty() ? null : fault.node()));
    return document;
  }

  private static ObjectNode whole(Capture capture) {
    ObjectNode document = summary(capture);
    document.set("passage", kept(capture.passageJson()));
    document.set("environment", kept(capture.environmentJson()));
    document.set("payload", payload(capture.payload()));
    return document;
  }

  private static JsonNode kept(String json) {
    return json.isEmpty() ? JsonNodeFactory.instance.nullNode() : Json.tree(json);
  }

  /// As text where it is text, as base64 where it is not; never parsed, because what is not JSON is often the fault.
  private static ObjectNode payload(Payload payload) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload.array(), payload.offset(), payload.length())).toString();
      return node.put("encoding", "text").put("data", text);
    } catch (CharacterCodingException e) {
      return node.put("encoding", "base64").put("data", Base64.getEncoder().encodeToString(payload.copyOfBytes()));
    }
  }
}
