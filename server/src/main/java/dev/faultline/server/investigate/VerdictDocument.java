package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.fault.Mend;
import dev.faultline.fault.NodeRef;
import dev.faultline.isolation.BlamedField;
import dev.faultline.isolation.BlamedInitializer;
import dev.faultline.isolation.BlamedNode;
import dev.faultline.isolation.Claim;
import dev.faultline.isolation.Proof;
import dev.faultline.isolation.Release;
import dev.faultline.isolation.Reproduction;
import dev.faultline.isolation.RuledOut;
import dev.faultline.isolation.Verdict;
import dev.faultline.isolation.finding.Condition;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `faultline/verdict.v1`: what an investigation found, for every surface. Every member is always there; what does not apply is `null`
/// or empty. Longer than most so that the whole document is read in one place, in its order.
final class VerdictDocument {
  static final String SCHEMA = "faultline/verdict.v1";
  private static final String HIDDEN = "[redacted]";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Redaction redaction;

  VerdictDocument(Redaction redaction) {
    this.redaction = redaction;
  }

  /// `dataUri` is where requests go, for the curl command.
  ObjectNode of(String id, String fault, String group, Verdict verdict, String dataUri) {
    ObjectNode document = NODES.objectNode();
    document.put("schema", SCHEMA).put("id", id).put("fault", fault).put("group", orNull(group));
    put(document, verdict.claim());
    boolean hidden = hidesAny(verdict.claim());
    document.set("evidence", all(verdict.evidence(), each -> proof(each, hidden)));
    document.set("ruled_out", all(verdict.ruledOut(), VerdictDocument::ruledOut));
    document.set("mend", all(verdict.mend(), VerdictDocument::mend));
    document.set("reproduction", verdict.reproduction().map(smallest -> reproduction(smallest, verdict.claim().release(), dataUri)).orElse(null));
    document.set("alternatives", all(verdict.alternatives(), this::alternative));
    document.put("replays", verdict.replays()).put("millis", verdict.millis());
    return document;
  }

  private void put(ObjectNode document, Claim claim) {
    document.put("confidence", claim.confidence().name()).put("cause", claim.cause().name()).put("stage", claim.stage().name());
    document.set("model", model(claim.release()));
    document.set("fields", all(claim.fields(), this::field));
    document.set("conditions", all(claim.conditions(), this::condition));
    document.put("step", orNull(claim.step()));
    document.set("node", claim.node().map(VerdictDocument::node).orElse(null));
    document.set("initializer", claim.initializer().map(VerdictDocument::initializer).orElse(null));
    document.put("summary", hidesAny(claim) ? claim.cause() + " in " + claim.stage() + "; the values are redacted" : claim.summary());
  }

  private ObjectNode alternative(Claim claim) {
    ObjectNode node = NODES.objectNode();
    put(node, claim);
    return node;
  }

  static ObjectNode model(Release release) {
    ObjectNode model = NODES.objectNode();
    model.put("name", orNull(release.model())).put("version", orNull(release.version()));
    model.put("last_good", orNull(release.lastGood())).put("first_bad", orNull(release.firstBad()));
    model.put("posterior", Double.isNaN(release.posterior()) ? null : Math.round(release.posterior() * 1e4) / 1e4);
    return model;
  }

  private ObjectNode field(BlamedField field) {
    ObjectNode node = NODES.objectNode();
    node.put("path", field.field().path()).put("tensor", orNull(field.field().tensor())).put("column", orNull(field.field().column()));
    ArrayNode index = node.putArray("index");
    field.field().index().forEach(index::add);
    boolean hidden = redaction.hides(field.field());
    node.set("value", hidden ? NODES.textNode(HIDDEN) : RequestDocument.value(field.value()));
    node.set("baseline", hidden ? NODES.textNode(HIDDEN) : RequestDocument.value(field.baseline()));
    node.set("boundary", hidden ? null : field.boundary()
        .map(limit -> NODES.objectNode().put("operator", limit.operator().label()).<ObjectNode>set("value", RequestDocument.value(limit.value())))
        .orElse(null));
    return node;
  }

  private ObjectNode condition(Condition condition) {
    ObjectNode node = NODES.objectNode().put("dimension", condition.dimension()).put("operator", condition.operator().label());
    String dimension = condition.dimension();
    boolean hidden = dimension.startsWith("field:") && redaction.hides(ref(dimension.substring("field:".length())));
    node.set("value", hidden ? NODES.textNode(HIDDEN) : RequestDocument.value(condition.value()));
    return node;
  }

  private boolean hidesAny(Claim claim) {
    return claim.fields().stream().anyMatch(field -> redaction.hides(field.field()));
  }

  private static dev.faultline.contract.FieldRef ref(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? dev.faultline.contract.FieldRef.of(name) : new dev.faultline.contract.FieldRef(name.substring(0, dot), name.substring(dot + 1));
  }

  static ObjectNode node(BlamedNode blamed) {
    ObjectNode node = ref(blamed.at());
    ArrayNode scope = node.putArray("scope");
    blamed.scope().forEach(scope::add);
    node.set("swallowed_by", all(blamed.swallowedBy(), VerdictDocument::ref));
    return node;
  }

  private static ObjectNode ref(NodeRef ref) {
    return NODES.objectNode()
        .put("name", ref.name())
        .put("op", orNull(ref.op()))
        .put("index", ref.index() < 0 ? null : ref.index())
        .put("output", orNull(ref.output()));
  }

  private static ObjectNode initializer(BlamedInitializer changed) {
    return NODES.objectNode()
        .put("name", changed.name())
        .put("slice", orNull(changed.slice()))
        .put("good", orNull(changed.good()))
        .put("bad", orNull(changed.bad()));
  }

  static ObjectNode proof(Proof proof, boolean hidden) {
    ObjectNode node = NODES.objectNode().put("kind", proof.kind().name().toLowerCase(Locale.ROOT)).put("text", hidden ? HIDDEN : proof.text());
    return node.put("failed", proof.runs() == 0 ? null : proof.failed()).put("runs", proof.runs() == 0 ? null : proof.runs());
  }

  private static ObjectNode ruledOut(RuledOut ruledOut) {
    return NODES.objectNode().put("what", ruledOut.what()).put("why", ruledOut.why());
  }

  private static ObjectNode mend(Mend mend) {
    return NODES.objectNode().put("text", mend.text()).put("command", orNull(mend.command()));
  }

  private ObjectNode reproduction(Reproduction smallest, Release release, String dataUri) {
    ObjectNode node = NODES.objectNode();
    ObjectNode request = RequestDocument.of(smallest.request(), redaction);
    node.set("request", request);
    node.put("curl", "curl -s -X POST '" + dataUri + "/v2/models/" + release.model() + "/versions/" + release.version()
        + "/infer' -H 'Content-Type: application/json' -d '" + bare(request).replace("'", "'\\''") + "'");
    return node.put("fields_kept", smallest.fieldsKept()).put("fields_total", smallest.fieldsTotal());
  }

  /// As the server reads it: NaN and the infinities are bare words there, which no JSON document may hold.
  private static String bare(ObjectNode request) {
    return request.toString().replaceAll("(?<=[\\[,])\"(NaN|-?Infinity)\"(?=[,\\]])", "$1");
  }

  private static <T> ArrayNode all(List<T> items, java.util.function.Function<T, ? extends JsonNode> as) {
    ArrayNode array = NODES.arrayNode();
    items.forEach(item -> array.add(as.apply(item)));
    return array;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
