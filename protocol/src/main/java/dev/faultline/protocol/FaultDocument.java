package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.Mend;
import dev.faultline.fault.Occurrence;
import dev.faultline.request.Passage;
import dev.faultline.request.StageRun;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one document behind every surface on which a fault shows: `faultline/fault.v1`.
///
/// Every member is always there. What does not apply is `null` or empty, and nothing is guessed. The text of a document is valid
/// JSON whatever the fault holds: numbers that JSON cannot write become `null`, half surrogate pairs U+FFFD.
///
/// Longer than most files so that the whole document is read in one place, in its order.
public final class FaultDocument {
  public static final String SCHEMA = "faultline/fault.v1";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private FaultDocument() {}

  public static ObjectNode of(Occurrence occurrence, Passage passage, FaultContext context, DetailLevel level) {
    Fault fault = occurrence.fault();
    boolean internal = level == DetailLevel.INTERNAL;
    ObjectNode document = NODES.objectNode();
    document.put("schema", SCHEMA);
    document.put("id", occurrence.id());
    document.put("group", orNull(context.group()));
    document.put("fingerprint", orNull(context.fingerprint()));
    document.put("code", fault.code().label());
    document.put("stage", fault.stage().name());
    document.put("blame", fault.blame().name());
    document.put("suspicion", context.isSuspicion());
    document.put("confidence", context.confidence().isEmpty() ? FaultConfidence.of(fault) : context.confidence());
    document.put("summary", level.sentence(fault));
    document.set("model", model(passage, level));
    document.set("field", fault.field().map(FaultDocument::field).orElse(null));
    document.put("step", internal ? fault.step().map(Excerpt::sound).orElse(null) : null);
    document.set("node", internal ? fault.node().map(EvidenceToJson::node).orElse(null) : null);
    document.set("errors", errors(fault.breaches(), level));
    document.set("evidence", internal ? EvidenceToJson.all(fault.evidence()) : NODES.arrayNode());
    document.set("ruled_out", RuledOut.of(fault, passage));
    document.set("mend", internal ? mend(fault.mend()) : NODES.arrayNode());
    document.set("request", request(passage, context));
    document.set("wire", wire(fault, context));
    document.set("stages_ms", stages(passage.stages()));
    document.put("occurred_at", occurrence.occurredAt().truncatedTo(ChronoUnit.MILLIS).toString());
    return document;
  }

  public static String text(ObjectNode document) {
    try {
      return MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }

  public static byte[] bytes(ObjectNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }

  /// The breaches as RFC 9457 extension members: `pointer`, `field`, `rule`, `got`, `want`.
  static ArrayNode errors(List<Breach> breaches, DetailLevel level) {
    boolean internal = level == DetailLevel.INTERNAL;
    ArrayNode errors = NODES.arrayNode();
    for (Breach breach : breaches) {
      ObjectNode error = errors.addObject();
      error.put("pointer", soundOrNull(breach.field().pointer()));
      error.put("field", soundOrNull(withoutSide(breach.field().path())));
      error.put("rule", breach.rule());
      error.put("got", internal ? Excerpt.sound(breach.got()) : null);
      error.put("want", internal ? Excerpt.sound(breach.want()) : null);
    }
    return errors;
  }

  private static ObjectNode model(Passage passage, DetailLevel level) {
    ObjectNode model = NODES.objectNode();
    String asked = passage.arrival().model().name();
    model.put("name", soundOrNull(passage.version().isNone() ? asked : passage.model()));
    model.put("version", soundOrNull(passage.version().version()));
    model.put("digest", level == DetailLevel.INTERNAL ? soundOrNull(passage.version().digest()) : null);
    return model;
  }

  private static ObjectNode field(Field field) {
    ObjectNode node = NODES.objectNode();
    node.put("path", Excerpt.sound(field.path()));
    node.put("tensor", soundOrNull(field.tensor()));
    ArrayNode index = node.putArray("index");
    field.index().forEach(index::add);
    node.put("column", soundOrNull(field.column()));
    node.put("pointer", soundOrNull(field.pointer()));
    return node;
  }

  private static ArrayNode mend(List<Mend> mends) {
    ArrayNode all = NODES.arrayNode();
    for (Mend mend : mends) {
      all.addObject().put("text", Excerpt.sound(mend.text())).put("command", soundOrNull(mend.command()));
    }
    return all;
  }

  private static ObjectNode request(Passage passage, FaultContext context) {
    ObjectNode request = NODES.objectNode();
    request.put("id", soundOrNull(passage.arrival().id().value()));
    request.put("trace_id", soundOrNull(passage.arrival().traceId()));
    request.put("protocol", passage.arrival().protocol().label());
    request.put("capture", orNull(context.capture()));
    request.put("redacted", context.redacted());
    return request;
  }

  /// What was sent; evidence found later never changes it.
  private static ObjectNode wire(Fault fault, FaultContext context) {
    boolean served = context.isSuspicion();
    return NODES.objectNode().put("http", served ? 200 : fault.httpStatus()).put("grpc", served ? "OK" : fault.grpcStatus());
  }

  private static ObjectNode stages(List<StageRun> runs) {
    ObjectNode stages = NODES.objectNode();
    for (StageRun run : runs) {
      stages.put(run.stage().label(), millis(run));
    }
    return stages;
  }

  /// Microseconds are as fine as anybody reads.
  static double millis(StageRun run) {
    return Math.round(run.durationNanos() / 1e3) / 1e3;
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static @Nullable String soundOrNull(String text) {
    return text.isEmpty() ? null : Excerpt.sound(text);
  }

  private static String withoutSide(String path) {
    return path.startsWith("inputs/") ? path.substring("inputs/".length()) : path;
  }
}
