package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.Contract;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.attribute.Contrast;
import dev.faultline.isolation.attribute.ContrastSettings;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.attribute.ReadingsFromRequest;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.ShadowSample;
import dev.faultline.rollout.ShadowTally;
import dev.faultline.server.investigate.ConditionDocument;
import dev.faultline.server.keep.Redactions;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// What separates the mirrored requests on which a candidate differs from those on which it agrees, and what in the candidate makes the difference.
///
/// The first is read from a sample ([Contrast]) when somebody asks. The second comes from the investigation of the suspicions that the shadow left, which runs in the background
/// like any other: the step, node or constant with both values that takes the difference with it.
public final class ShadowFindings {
  private static final int ROLLOUTS_MAX = 16;
  private static final int FAILURES_MAX = 5;
  private static final String FIELD = "field:";

  private record Known(int samples, ArrayNode report) {}

  private final ModelRepository models;
  private final Redactions redactions;
  private final FaultFindings faults;
  private final RandomGenerator random;
  private final Map<String, Known> known = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
      return size() > ROLLOUTS_MAX;
    }
  };

  public ShadowFindings(ModelRepository models, Redactions redactions, FaultFindings faults, RandomGenerator random) {
    this.models = models;
    this.redactions = redactions;
    this.faults = faults;
    this.random = random;
  }

  public ArrayNode report(Rollout rollout) {
    ArrayNode report = separated(rollout);
    groupOfDifferences(rollout).ifPresent(group -> explain(report, group));
    rollout.tally().failures().stream().limit(FAILURES_MAX).forEach(failure -> report.add(entry(rollout, failure)));
    return report;
  }

  /// The group to tell of: what the candidate's own checks objected to, or that its answers are other ones; those with a verdict first.
  private Optional<String> groupOfDifferences(Rollout rollout) {
    List<String> failures = rollout.tally().failures().stream().map(ShadowTally.Failure::kind).toList();
    List<String> groups = faults.groups(rollout.id(), kind -> !failures.contains(kind));
    return groups.stream().filter(group -> faults.claim(group).isPresent()).findFirst().or(() -> groups.stream().findFirst());
  }

  /// Looked for again when the sample has grown by a tenth.
  private synchronized ArrayNode separated(Rollout rollout) {
    List<ShadowSample> samples = rollout.tally().samples();
    Known before = known.get(rollout.id());
    if (before != null && samples.size() < before.samples() * 1.1 + 1) {
      return before.report().deepCopy();
    }
    ArrayNode report = look(rollout, samples);
    known.put(rollout.id(), new Known(samples.size(), report));
    return report.deepCopy();
  }

  private ArrayNode look(Rollout rollout, List<ShadowSample> samples) {
    ArrayNode report = JsonNodeFactory.instance.arrayNode();
    Optional<Predicate<ShadowSample>> split = rollout.tally().telling();
    if (split.isEmpty() || !(models.find(rollout.plan().model(), rollout.plan().baseline()).orElse(null) instanceof ModelState.Ready(var version, long _))) {
      return report;
    }
    List<Sighting> sightings = samples.stream().map(each -> sighting(each, split.get().test(each), version.contract())).toList();
    Redaction redaction = redactions.of(version.id());
    new Contrast(ContrastSettings.STANDARD, random).explain(sightings).explanations().forEach(each -> report.add(entry(each, redaction)));
    return report;
  }

  /// What the investigation of the mismatches found, told with what separates them where that is known.
  private void explain(ArrayNode report, String group) {
    Optional<JsonNode> claim = faults.claim(group);
    if (report.isEmpty()) {
      claim.ifPresent(_ -> report.add(faults.entry(FaultCode.CHECK_MISMATCH.label(), group)));
    } else if (report.get(0) instanceof ObjectNode first) {
      first.put("group", group);
      claim.ifPresent(verdict -> tell(first, verdict));
    }
  }

  private static void tell(ObjectNode entry, JsonNode verdict) {
    List.of("confidence", "cause", "step", "node", "initializer").forEach(member -> entry.set(member, verdict.path(member)));
    entry.put("summary", entry.path("summary").asText() + "; " + verdict.path("summary").asText());
  }

  private ObjectNode entry(Rollout rollout, ShadowTally.Failure failure) {
    List<String> groups = faults.groups(rollout.id(), failure.kind()::equals);
    ObjectNode entry = groups.isEmpty() ? unexplained() : faults.entry(failure.kind(), groups.getFirst());
    String count = failure.count() == 1 ? "1 mirrored request fails with " : failure.count() + " mirrored requests fail with ";
    String found = groups.isEmpty() || faults.claim(groups.getFirst()).isEmpty() ? failure.summary() : entry.path("summary").asText();
    return entry.put("faults", failure.kind()).put("summary", count + failure.kind() + ": " + found);
  }

  private static ObjectNode unexplained() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("confidence", Confidence.ABSTAINED.name());
    entry.putArray("conditions");
    entry.putArray("fields");
    return entry.putNull("cause").putNull("step").putNull("node").putNull("initializer");
  }

  private static Sighting sighting(ShadowSample sample, boolean differs, Contract contract) {
    var readings = new LinkedHashMap<String, List<Reading>>(ReadingsFromRequest.of(sample.request(), contract));
    readings.put("client", List.of(Reading.of(sample.arrival().client())));
    return new Sighting(sample.id(), differs ? Side.FAILING : Side.PASSING, 1, "", readings);
  }

  private static ObjectNode entry(Explanation found, Redaction redaction) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("confidence", found.confidence().name());
    ArrayNode conditions = entry.putArray("conditions");
    ArrayNode fields = entry.putArray("fields");
    found.conditions().forEach(each -> conditions.add(ConditionDocument.of(each, redaction)));
    found.conditions().stream().map(Condition::dimension).filter(each -> each.startsWith(FIELD)).distinct().forEach(each -> fields.add(field(each.substring(FIELD.length()))));
    entry.putNull("cause").putNull("step").putNull("node").putNull("initializer");
    Explanation.Counts counts = found.counts();
    List<String> words = java.util.stream.StreamSupport.stream(conditions.spliterator(), false)
        .map(each -> each.path("dimension").asText().replaceFirst("^field:", "") + " " + each.path("operator").asText() + " " + each.path("value"))
        .toList();
    String only = counts.failingWithout() == 0 ? "differs only when " : "differs mostly when ";
    entry.put("summary", only + String.join(" and ", words) + ": " + counts.failingWith() + " of " + (counts.failingWith() + counts.failingWithout()) + " that differ, "
        + counts.passingWith() + " of " + (counts.passingWith() + counts.passingWithout()) + " that do not");
    return entry;
  }

  private static ObjectNode field(String name) {
    int dot = name.indexOf('.');
    String tensor = (dot < 0 ? name : name.substring(0, dot)).replaceFirst("\\[.*$", "");
    ObjectNode field = JsonNodeFactory.instance.objectNode().put("path", "inputs/" + name).put("tensor", tensor);
    return field.put("column", dot < 0 ? null : name.substring(dot + 1));
  }
}
