package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.fault.Field;
import dev.faultline.isolation.attribute.Attribution;
import dev.faultline.isolation.attribute.Contrast;
import dev.faultline.isolation.attribute.ContrastSettings;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.attribute.Sighting.Side;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the failing requests of a group have in common that passing ones have not. Costs no replay.
final class Contrasting {
  /// Share of the failing requests that a condition must hold for to be told of.
  private static final double COVERAGE_MIN = 0.8;
  private static final int FAILING_MIN = 3;
  private static final Pattern ELEMENT = Pattern.compile("(.+)\\[(\\d{1,9})\\]");

  private final Case about;
  private final RandomGenerator random;

  Contrasting(Case about, RandomGenerator random) {
    this.about = about;
    this.random = random;
  }

  Optional<Explanation> explain(Contract contract, Notes notes) {
    int failing = 1 + about.siblings().size();
    if (failing < FAILING_MIN || about.passing().isEmpty()) {
      return Optional.empty();
    }
    var sightings = new Sightings(contract);
    var all = new ArrayList<Sighting>();
    all.add(sightings.of(about.failing(), Side.FAILING));
    about.siblings().forEach(each -> all.add(sightings.of(each, Side.FAILING)));
    about.passing().forEach(each -> all.add(sightings.of(each, Side.PASSING)));
    Attribution attribution = new Contrast(ContrastSettings.STANDARD, random).explain(all, look(failing));
    attribution.explanations().stream().limit(3).forEach(each -> notes.add(Proof.Kind.ATTRIBUTION, words(each)));
    return attribution.explanations().stream().filter(each -> each.confidence() == Confidence.SUPPORTED && each.coverage() >= COVERAGE_MIN).findFirst();
  }

  /// Who sends such requests, where that is told apart by nothing else: conditions beyond the fields and the version.
  static List<Condition> senders(Explanation explanation) {
    List<Condition> said = Stream.concat(explanation.conditions().stream(), explanation.equivalents().stream()).toList();
    return said.stream().filter(each -> each.dimension().equals("client")).findFirst()
        .or(() -> said.stream().filter(each -> each.dimension().startsWith("header:")).findFirst())
        .stream().toList();
  }

  /// The field that a condition is about; empty for other dimensions.
  static Optional<Field> field(Condition condition) {
    String dimension = condition.dimension();
    int colon = dimension.indexOf(':');
    String kind = colon < 0 ? "" : dimension.substring(0, colon);
    return switch (kind) {
      case "field", "shape", "length" -> Optional.of(field(dimension.substring(colon + 1)));
      default -> Optional.empty();
    };
  }

  private static Field field(String name) {
    Matcher element = ELEMENT.matcher(name);
    if (element.matches()) {
      return new Field("inputs/" + name, element.group(1), List.of(Long.valueOf(element.group(2))), "", "");
    }
    int dot = name.indexOf('.');
    return dot < 0 ? Field.input(name, "") : new Field("inputs/" + name, name.substring(0, dot), List.of(), name.substring(dot + 1), "");
  }

  /// Groups are looked at as they grow: at 10, 20, 40 failing requests and so on.
  private static int look(int failing) {
    return Math.max(1, 32 - Integer.numberOfLeadingZeros(failing / 10));
  }

  private static String words(Explanation each) {
    Explanation.Counts counts = each.counts();
    return "%d of %d failing and %d of %d passing requests have %s (odds ratio %.3g, adjusted p %.2g, %s)".formatted(
        counts.failingWith(),
        counts.failingWith() + counts.failingWithout(),
        counts.passingWith(),
        counts.passingWith() + counts.passingWithout(),
        String.join(" and ", each.conditions().stream().map(Condition::toString).toList()),
        each.oddsRatio().value(),
        each.pAdjusted(),
        each.confidence());
  }
}
