package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.Contract;
import dev.faultline.isolation.attribute.Contrast;
import dev.faultline.isolation.attribute.ContrastSettings;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.attribute.ReadingsFromRequest;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.ShadowSample;
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

/// What separates the mirrored requests on which a candidate differs from those on which it agrees.
///
/// Where all answers differ a little, as of a model that was trained anew, those are looked at to which it says something else.
public final class ShadowFindings {
  private static final int DIFFERING_MIN = 3;
  private static final int AGREEING_MIN = 10;
  private static final int ROLLOUTS_MAX = 16;
  private static final String FIELD = "field:";

  private record Known(int samples, ArrayNode report) {}

  private final ModelRepository models;
  private final Redactions redactions;
  private final RandomGenerator random;
  private final Map<String, Known> known = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
      return size() > ROLLOUTS_MAX;
    }
  };

  public ShadowFindings(ModelRepository models, Redactions redactions, RandomGenerator random) {
    this.models = models;
    this.redactions = redactions;
    this.random = random;
  }

  /// Looked for again when the sample has grown by a tenth.
  public synchronized ArrayNode report(Rollout rollout) {
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
    Optional<Predicate<ShadowSample>> split = List.<Predicate<ShadowSample>>of(ShadowSample::differs, ShadowSample::material).stream()
        .filter(differs -> isTelling(samples, differs))
        .findFirst();
    if (split.isEmpty() || !(models.find(rollout.plan().model(), rollout.plan().baseline()).orElse(null) instanceof ModelState.Ready(var version, long _))) {
      return report;
    }
    List<Sighting> sightings = samples.stream().map(each -> sighting(each, split.get().test(each), version.contract())).toList();
    Redaction redaction = redactions.of(version.id());
    new Contrast(ContrastSettings.STANDARD, random).explain(sightings).explanations().forEach(each -> report.add(entry(each, redaction)));
    return report;
  }

  private static boolean isTelling(List<ShadowSample> samples, Predicate<ShadowSample> differs) {
    long differing = samples.stream().filter(differs).count();
    return differing >= DIFFERING_MIN && samples.size() - differing >= AGREEING_MIN;
  }

  private static Sighting sighting(ShadowSample sample, boolean differs, Contract contract) {
    var readings = new LinkedHashMap<String, List<Reading>>(ReadingsFromRequest.of(sample.request(), contract));
    readings.put("client", List.of(Reading.of(sample.client())));
    return new Sighting(sample.id(), differs ? Side.FAILING : Side.PASSING, 1, "", readings);
  }

  private static ObjectNode entry(Explanation found, Redaction redaction) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("confidence", found.confidence().name());
    ArrayNode conditions = entry.putArray("conditions");
    ArrayNode fields = entry.putArray("fields");
    found.conditions().forEach(each -> conditions.add(ConditionDocument.of(each, redaction)));
    found.conditions().stream().map(Condition::dimension).filter(each -> each.startsWith(FIELD)).distinct().forEach(each -> fields.add(field(each.substring(FIELD.length()))));
    entry.putNull("node").putNull("initializer");
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
