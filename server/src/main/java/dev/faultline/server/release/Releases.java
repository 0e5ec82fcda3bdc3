package dev.faultline.server.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.NearestName;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.VersionNames;
import dev.faultline.serving.model.VersionNames.Named;
import dev.faultline.server.release.ReleaseException.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves labels and defaults. What it changes is on the disk before requests see it, and in the audit trail.
public final class Releases {
  private static final Logger LOG = LoggerFactory.getLogger(Releases.class);
  /// The label of the version in charge.
  public static final String STABLE = "stable";
  /// The label of the version on trial.
  public static final String CANDIDATE = "candidate";
  private static final int LABELS_MAX = 100;

  private final ModelRepository models;
  private final StateFile state;
  private final AuditTrail audit;
  private volatile Function<String, Optional<String>> rollouts = _ -> Optional.empty();

  public Releases(ModelRepository models, StateFile state, AuditTrail audit) {
    this.models = models;
    this.state = state;
    this.audit = audit;
    restore();
  }

  /// `running` names the rollout that decides about a model's default now.
  public void heed(Function<String, Optional<String>> running) {
    this.rollouts = running;
  }

  public Named of(String model) {
    return models.versionNames().of(model);
  }

  /// Makes `label` stand for a version, which may be given by another label.
  public Named label(String model, String label, String version, Actor actor) throws ReleaseException {
    if (!VersionNames.isLabel(label)) {
      throw new ReleaseException(Kind.INVALID, "label '" + label + "' is none (expected: a letter, then letters, digits, '.', '_' or '-', at most 63 characters)");
    }
    String own = known(model, version);
    if (models.list(model).stream().anyMatch(each -> each.version().equals(label))) {
      throw new ReleaseException(Kind.CONFLICT, "model '" + model + "' has a version '" + label + "', so that no label can be called so");
    }
    if (of(model).labels().size() >= LABELS_MAX && !of(model).labels().containsKey(label)) {
      throw new ReleaseException(Kind.CONFLICT, "model '" + model + "' has " + LABELS_MAX + " labels already (mend: remove one)");
    }
    Named named = keep(model, of(model).withLabel(label, own));
    audit.record(actor, "label", model, own, "label " + label + " of " + model + " stands for version " + own);
    return named;
  }

  public Named removeLabel(String model, String label, Actor actor) throws ReleaseException {
    requireModel(model);
    if (!of(model).labels().containsKey(label)) {
      throw new ReleaseException(Kind.UNKNOWN, "model '" + model + "' has no label '" + label + "'" + hint(label, List.copyOf(of(model).labels().keySet())));
    }
    Named named = keep(model, of(model).withLabel(label, ""));
    audit.record(actor, "label.remove", model, "", "label " + label + " of " + model + " is gone");
    return named;
  }

  /// Makes a version the one that answers who names none; it must be ready.
  public Named setDefault(String model, String version, Actor actor) throws ReleaseException {
    String own = ready(model, version);
    requireNoRollout(model);
    Named named = keep(model, moved(model, own));
    audit.record(actor, "default", model, own, "version " + own + " of " + model + " answers by default");
    return named;
  }

  public Named removeDefault(String model, Actor actor) throws ReleaseException {
    requireModel(model);
    requireNoRollout(model);
    Named named = keep(model, of(model).withDefault(""));
    audit.record(actor, "default.remove", model, "", "the highest ready version of " + model + " answers by default");
    return named;
  }

  /// Puts a version in charge: default and label `stable`.
  public Named promote(String model, String version, Actor actor) throws ReleaseException {
    String own = ready(model, version);
    requireNoRollout(model);
    Named named = keep(model, promoted(model, own));
    audit.record(actor, "promote", model, own, "version " + own + " of " + model + " is promoted" + instead(named));
    return named;
  }

  /// Puts the version in charge again that was before.
  public Named rollBack(String model, Actor actor) throws ReleaseException {
    requireModel(model);
    requireNoRollout(model);
    String former = of(model).formerDefault();
    if (former.isEmpty()) {
      throw new ReleaseException(Kind.CONFLICT, "model '" + model + "' has nothing to roll back to: its default was never changed (mend: faultline models default " + model + " VERSION)");
    }
    String own = ready(model, former);
    Named named = keep(model, promoted(model, own));
    audit.record(actor, "rollback", model, own, model + " is rolled back to version " + own + instead(named));
    return named;
  }

  /// The names of a model with a version in charge, as [#promote] makes them; for a rollout, which keeps them with its own state.
  public Named promoted(String model, String version) {
    Named named = moved(model, version).withLabel(STABLE, version);
    return version.equals(named.labels().get(CANDIDATE)) ? named.withLabel(CANDIDATE, "") : named;
  }

  /// The version that answers who names none, in charge or not.
  public String inCharge(String model) {
    String chosen = of(model).defaultVersion();
    return chosen.isEmpty() ? models.findDefault(model).map(version -> version.id().version()).orElse("") : chosen;
  }

  /// The names of a model whose candidate is on trial: the baseline answers whoever the rollout does not draw, also after a crash.
  public Named onTrial(String model, String baseline, String candidate) {
    return moved(model, baseline).withLabel(CANDIDATE, candidate);
  }

  /// The names of a model whose candidate did not come to be in charge.
  public Named triedInVain(String model, String baseline) {
    return moved(model, baseline).withLabel(CANDIDATE, "");
  }

  /// Puts names in place together with what `also` writes, on the disk first. When the disk does not take them they count all the same:
  /// whoever rolls back cannot wait.
  public void insist(String model, Named named, Consumer<ObjectNode> also) {
    try {
      state.change(document -> {
        document.withObjectProperty("models").set(model, document(named));
        also.accept(document);
      });
    } catch (IOException e) {
      LOG.error("labels, default and rollout of '{}' count until the server stops and are lost then (mend: see to the data folder)", model, e);
    }
    models.versionNames().put(model, named);
  }

  private Named moved(String model, String version) {
    String before = inCharge(model);
    Named named = of(model);
    String former = before.equals(version) ? named.formerDefault() : before;
    return new Named(version, former, named.labels());
  }

  private static String instead(Named named) {
    return named.formerDefault().isEmpty() ? "" : ", instead of " + named.formerDefault();
  }

  private Named keep(String model, Named named) throws ReleaseException {
    try {
      state.change(document -> document.withObjectProperty("models").set(model, document(named)));
    } catch (IOException e) {
      throw new ReleaseException(Kind.NOT_KEPT, "nothing was changed, because it cannot be written down: " + e + " (mend: see to the data folder)", e);
    }
    models.versionNames().put(model, named);
    return named;
  }

  private void restore() {
    state.read().path("models").properties().forEach(each -> models.versionNames().put(each.getKey(), named(each.getValue())));
  }

  private static Named named(JsonNode node) {
    var labels = new TreeMap<String, String>();
    node.path("labels").properties().forEach(each -> labels.put(each.getKey(), each.getValue().asText()));
    return new Named(node.path("default").asText(""), node.path("former_default").asText(""), labels);
  }

  private static ObjectNode document(Named named) {
    ObjectNode node = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    node.put("default", named.defaultVersion()).put("former_default", named.formerDefault());
    ObjectNode labels = node.putObject("labels");
    named.labels().forEach(labels::put);
    return node;
  }

  /// The version's own name.
  ///
  /// @throws ReleaseException when there is no such model or version, with the nearest name
  public String known(String model, String version) throws ReleaseException {
    requireModel(model);
    List<String> names = models.versionsAndLabels(model);
    return models.resolve(model, version)
        .orElseThrow(() -> new ReleaseException(Kind.UNKNOWN, "model '" + model + "' has no version '" + version + "' (expected: one of " + String.join(", ", names) + ")" + hint(version, names)));
  }

  /// The same, and ready.
  public String ready(String model, String version) throws ReleaseException {
    String own = known(model, version);
    Optional<ModelState> now = models.find(model, own);
    if (now.isPresent() && now.get() instanceof ModelState.Ready(ModelVersion _, long _)) {
      return own;
    }
    String reason = now.map(ModelState::reason).orElse("it has just been removed");
    throw new ReleaseException(Kind.CONFLICT, "version " + own + " of '" + model + "' is not ready: " + reason + " (mend: faultline models load " + model + " " + own + ")");
  }

  private void requireModel(String model) throws ReleaseException {
    if (models.list(model).isEmpty()) {
      throw new ReleaseException(Kind.UNKNOWN, "there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")" + hint(model, models.names()));
    }
  }

  private void requireNoRollout(String model) throws ReleaseException {
    Optional<String> running = rollouts.apply(model);
    if (running.isPresent()) {
      throw new ReleaseException(Kind.CONFLICT, "rollout " + running.get() + " decides about the default of '" + model + "' (mend: faultline rollout promote or abort " + running.get() + ")");
    }
  }

  private static String hint(String given, List<String> known) {
    return NearestName.of(given, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }
}
