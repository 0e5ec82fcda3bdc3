package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.Quarantine;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.serving.backend.CrashJournal;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `quarantine`: the inputs that killed the process of their version, and the versions that ended the server's own.
///
/// Clearing lets the inputs in again at once; a version runs in the server's process again when it is loaded next.
final class QuarantineEndpoint {
  private static final List<String> FILTERS = List.of("model", "version", "digest");

  private final ModelRepository models;
  private final CrashJournal journal;

  QuarantineEndpoint(ModelRepository models, CrashJournal journal) {
    this.models = models;
    this.journal = journal;
  }

  Answer list(Call call) {
    Map<String, String> given = Query.given(call, FILTERS, List.of());
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/quarantine.v1");
    ArrayNode items = document.putArray("items");
    for (ModelListing listing : listings(given)) {
      process(listing).ifPresent(process -> process.quarantine().entries().stream()
          .filter(entry -> allows(given, "digest", entry.digest()))
          .forEach(entry -> items.add(input(listing, entry))));
    }
    ArrayNode versions = document.putArray("versions");
    casualties(given).forEach(each -> versions.add(version(each)));
    return Json.answer(document.putNull("next"));
  }

  Answer clear(Call call) {
    Map<String, String> given = Query.given(call, FILTERS, List.of());
    int inputs = listings(given).stream().flatMap(listing -> process(listing).stream()).mapToInt(process -> clear(process.quarantine(), given)).sum();
    List<CrashJournal.Casualty> versions = casualties(given);
    versions.forEach(journal::forget);
    if (inputs + versions.size() == 0 && !given.isEmpty()) {
      throw Refusal.notFound("nothing in quarantine is called that (expected: a model, version or digest of GET " + AdminRoutes.PREFIX + "/quarantine)");
    }
    return Json.answer(JsonNodeFactory.instance.objectNode().put("schema", "faultline/quarantine_cleared.v1").put("inputs", inputs).put("versions", versions.size()));
  }

  private static int clear(Quarantine quarantine, Map<String, String> given) {
    List<Quarantine.Entry> chosen = quarantine.entries().stream().filter(entry -> allows(given, "digest", entry.digest())).toList();
    return (int) chosen.stream().filter(entry -> quarantine.clear(entry.digest())).count();
  }

  private List<ModelListing> listings(Map<String, String> given) {
    return models.list().stream().filter(each -> allows(given, "model", each.model()) && allows(given, "version", each.version())).toList();
  }

  private List<CrashJournal.Casualty> casualties(Map<String, String> given) {
    return journal.casualties().stream()
        .filter(each -> allows(given, "model", each.model()) && allows(given, "version", each.version()) && allows(given, "digest", each.digest()))
        .toList();
  }

  private static boolean allows(Map<String, String> given, String name, String value) {
    return given.getOrDefault(name, value).equals(value);
  }

  private static Optional<ProcessModel> process(ModelListing listing) {
    return listing.state() instanceof ModelState.Ready(ModelVersion version, long _) ? WorkerHouse.processOf(version.model()) : Optional.empty();
  }

  private static JsonNode input(ModelListing listing, Quarantine.Entry entry) {
    return JsonNodeFactory.instance.objectNode()
        .put("model", listing.model())
        .put("version", listing.version())
        .put("digest", entry.digest())
        .put("kills", entry.kills())
        .put("held", entry.held())
        .put("reason", entry.reason())
        .put("remaining_s", entry.remainingMillis() / 1e3);
  }

  private static JsonNode version(CrashJournal.Casualty casualty) {
    return JsonNodeFactory.instance.objectNode()
        .put("model", casualty.model())
        .put("version", casualty.version())
        .put("digest", casualty.digest())
        .put("crashes", casualty.crashes());
  }
}
