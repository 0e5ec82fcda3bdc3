package dev.faultline.isolation.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A field's lesson as it is put together: a rule is taken when enough requests stand behind it and the contract does not speak of the same already.
final class Lesson {
  /// How a note begins that names a rule which is there already.
  static final String KNOWN = "the contract says already: ";

  private final Known known;
  private final double riskMax;
  private final List<LearntRule> rules = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();

  Lesson(Known known, double riskMax) {
    this.known = known;
    this.riskMax = riskMax;
  }

  Known known() {
    return known;
  }

  /// @return whether it became a rule
  boolean offer(String key, String value, String why, Support support) {
    if (known.find(key).isPresent()) {
      notes.add(KNOWN + RuleWords.what(known.find(key).get()));
      return false;
    }
    if (support.refusedAtMost() > riskMax) {
      notes.add(weak(key, support));
      return false;
    }
    rules.add(new LearntRule(known.field(), key, value, why, support));
    return true;
  }

  /// Taken whatever stands behind it, because another rule would refuse what was seen without it.
  void require(String key, String value, String why, Support support) {
    if (!known.has(key)) {
      rules.addFirst(new LearntRule(known.field(), key, value, why, support));
    }
  }

  void note(String note) {
    notes.add(note);
  }

  void ask(String question) {
    questions.add(question);
  }

  FieldLesson taught(String type, String seen) {
    return new FieldLesson(known.field(), type, seen, rules, notes, questions);
  }

  private String weak(String key, Support support) {
    String why = support.alone() == 0
        ? "%,d requests are too few".formatted(support.requests())
        : "%,d of %,d requests would have been refused by what the others taught".formatted(support.alone(), support.requests());
    return "no %s: %s (up to %s of good requests refused, more than %s)".formatted(key, why, percent(support.refusedAtMost()), percent(riskMax));
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2g %%", share * 100).replace("1.0e+02", "100");
  }
}
