package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.investigate.RequestDocument;
import dev.faultline.server.release.AuditTrail;
import dev.faultline.server.triton.RepositoryControl;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.VersionNames.Named;
import dev.faultline.serving.model.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `models`: every version with its state and why, what it accepts and promises, and how busy it is.
final class ModelsEndpoint {
  private final ModelRepository models;
  private final RepositoryControl repository;
  private final IsolationDocument isolation;
  private final AuditTrail audit;

  ModelsEndpoint(ModelRepository models, RepositoryControl repository, WorkerHouse house, AuditTrail audit) {
    this.audit = audit;
    this.models = models;
    this.repository = repository;
    this.isolation = new IsolationDocument(house);
  }

  Answer list(Call call) {
    var given = Query.given(call, List.of("model"), List.of());
    List<ModelListing> listings = given.containsKey("model") ? models.list(given.getOrDefault("model", "")) : models.list();
    return Json.answer(new Page(listings.stream().<JsonNode>map(this::document).toList(), "").document());
  }

  Answer load(Call call) {
    Query.none(call);
    ModelState state = repository.load(call.variable("model"), call.variable("version")).orElseThrow(() -> unknown(call));
    String name = call.variable("model") + " version " + call.variable("version");
    audit.record(Actors.of(call), "load", call.variable("model"), call.variable("version"), name + " is " + state.label() + (state.reason().isEmpty() ? "" : ": " + state.reason()));
    if (state instanceof ModelState.Failed(String code, String reason)) {
      throw Refusal.conflict("the version did not load: " + reason + " (" + code + ")");
    }
    return shown(call);
  }

  Answer unload(Call call) {
    Query.none(call);
    if (!models.unload(call.variable("model"), call.variable("version"), "it was unloaded through the admin API")) {
      throw unknown(call);
    }
    audit.record(Actors.of(call), "unload", call.variable("model"), call.variable("version"), call.variable("model") + " version " + call.variable("version") + " is unloaded");
    return shown(call);
  }

  private Answer shown(Call call) {
    return models.list(call.variable("model")).stream()
        .filter(listing -> listing.version().equals(call.variable("version")))
        .findFirst()
        .map(listing -> Json.answer(document(listing)))
        .orElseThrow(() -> unknown(call));
  }

  private Refusal unknown(Call call) {
    List<String> versions = models.list(call.variable("model")).stream().map(ModelListing::version).toList();
    return Refusal.notFound(versions.isEmpty()
        ? "there is no model '" + call.variable("model") + "' (expected: one of " + String.join(", ", models.names()) + ")"
        : "model '" + call.variable("model") + "' has no version '" + call.variable("version") + "' (expected: one of " + String.join(", ", versions) + ")");
  }

  private ObjectNode document(ModelListing listing) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("schema", "faultline/model.v1");
    document.put("name", listing.model());
    document.put("version", listing.version());
    Named named = models.versionNames().of(listing.model());
    texts(document.putArray("labels"), named.labels().entrySet().stream().filter(each -> each.getValue().equals(listing.version())).map(Map.Entry::getKey).toList());
    document.put("default", models.findDefault(listing.model()).map(version -> version.id().version()).filter(listing.version()::equals).isPresent());
    document.put("state", listing.state().label());
    document.put("reason", listing.state().reason().isEmpty() ? null : listing.state().reason());
    document.put("code", listing.state() instanceof ModelState.Failed(String code, String _) ? code : null);
    document.put("layout", listing.layout().title());
    document.put("path", listing.path().toString());
    if (listing.state() instanceof ModelState.Ready(ModelVersion version, long loadMillis)) {
      document.put("digest", version.id().digest());
      document.put("load_ms", loadMillis);
      document.put("platform", version.model().facts().platform());
      document.put("opset", version.model().facts().opset());
      document.put("nodes", version.model().facts().nodes());
      document.set("contract", ContractDocument.of(version.contract()));
      texts(document.putArray("redact"), version.settings().redact());
      document.put("side_effects", version.settings().sideEffects());
      document.set("example", example(version));
      document.set("limits", limits(version.settings().limits()));
      isolation.of(version).ifPresent(where -> document.set("isolation", where));
      document.put("waiting", version.waiting());
      document.put("running", version.lanes().running());
      document.put("lost", version.lanes().lost());
      document.put("adaptive_limit", version.lanes().adaptiveLimit().orElse(null));
      document.set("batching", BatchingDocument.of(version.batcher()));
      texts(document.putArray("warnings"), version.settings().warnings());
    }
    return document;
  }

  /// A request that the version is known to answer, when one was given with it; null otherwise.
  private static @Nullable ObjectNode example(ModelVersion version) {
    return version.settings().warmUps().stream()
        .filter(WarmUp.Golden.class::isInstance)
        .map(golden -> RequestDocument.of(request((WarmUp.Golden) golden, version.id()), Redaction.NONE))
        .filter(request -> request.findValue("left_out") == null)
        .findFirst()
        .orElse(null);
  }

  private static InferenceRequest request(WarmUp.Golden golden, ResolvedVersion version) {
    var inputs = new ArrayList<InputTensor>();
    golden.inputs().forEach(tensor -> inputs.add(InputTensor.of(tensor, InputTensor.Layout.FLAT, inputs.size())));
    return new InferenceRequest("", new ModelRef(version.model(), version.version()), Map.of(), inputs, List.of(), Deadline.NEVER);
  }

  private static ObjectNode limits(Limits limits) {
    return JsonNodeFactory.instance.objectNode()
        .put("instances", limits.instances())
        .put("queue_capacity", limits.queueCapacityMax())
        .put("queue_timeout_s", limits.queueTimeoutMillis() / 1e3)
        .put("infer_timeout_s", limits.inferTimeoutMillis() / 1e3)
        .put("stop_grace_s", limits.stopGraceMillis() / 1e3)
        .put("lost_lanes", limits.lostLanesMax())
        .put("adaptive", limits.adaptive().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
