package dev.faultline.isolation.rule;

import dev.faultline.serving.declaration.YamlEdit;
import dev.faultline.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The texts of one field: categories where the list is closed, else the form that all have in common, and their lengths.
///
/// Whether a list is closed is asked of the requests: how many of them hold a text that no other request holds. That share is what to expect of texts not seen yet
/// (Good and Turing). Texts that differ in case only are a question, because one of them may be a slip.
final class TextSurvey implements FieldSurvey {
  private static final int DIFFERENT_MIN = 20;
  private static final double LENGTH_SLACK = 1.5;
  private static final int TEXT_MAX = 10_000;

  private final Extreme shortest = new Extreme(-1);
  private final Extreme longest = new Extreme(1);
  private final Distinct distinct = new Distinct();
  private final TextShape shape = new TextShape();
  private long values;
  private long missing;
  private int requests;
  private int low = Integer.MAX_VALUE;
  private int high = -1;

  @Override
  public void add(Tensor tensor, int flat, int request) {
    String text = tensor.textAt(flat);
    values++;
    int length = text.codePointCount(0, text.length());
    low = Math.min(low, length);
    high = Math.max(high, length);
    if (length <= TEXT_MAX) {
      shape.add(text);
      if (!distinct.isTooMany()) {
        distinct.add(text, request);
      }
    }
  }

  @Override
  public void addMissing() {
    values++;
    missing++;
  }

  @Override
  public void endRequest(int request) {
    if (high >= 0) {
      shortest.add(low);
      longest.add(high);
      requests++;
      low = Integer.MAX_VALUE;
      high = -1;
    }
  }

  @Override
  public FieldLesson lesson(Known known, double riskMax) {
    var lesson = new Lesson(known, riskMax);
    if (requests > 0 && !categories(lesson)) {
      form(lesson);
      length(lesson);
    }
    return lesson.taught("BYTES", seen());
  }

  /// @return whether nothing more is to be said of the texts
  private boolean categories(Lesson lesson) {
    if (lesson.known().has("values")) {
      lesson.note(Lesson.KNOWN + lesson.known().find("values").map(RuleWords::what).orElse(""));
      return true;
    }
    if (distinct.size() == 1) {
      lesson.note("always '" + distinct.values().getFirst() + "': what else is good cannot be told");
      return true;
    }
    if (distinct.isTooMany() || longest.value() > TEXT_MAX) {
      lesson.note("no values: more than " + Distinct.VALUES_MAX + " different texts are no categories");
      return false;
    }
    Optional<String> twins = twins();
    if (twins.isPresent()) {
      lesson.ask(twins.get());
      return true;
    }
    List<String> sorted = distinct.values().stream().sorted().map(YamlEdit::scalar).toList();
    return lesson.offer("values", "[" + String.join(", ", sorted) + "]", "%,d of %,d values, %d different".formatted(values - missing, values - missing, sorted.size()), new Support(values - missing, requests, distinct.alone()));
  }

  /// Two texts that differ in case only.
  private Optional<String> twins() {
    Map<String, String> folded = new HashMap<>();
    for (String each : distinct.values()) {
      String other = folded.putIfAbsent(each.toLowerCase(Locale.ROOT), each);
      if (other != null) {
        return Optional.of("'%s' in %,d requests and '%s' in %,d: is one of them a slip?".formatted(other, distinct.requests(other), each, distinct.requests(each)));
      }
    }
    return Optional.empty();
  }

  private void form(Lesson lesson) {
    Optional<String> pattern = shape.pattern();
    if (pattern.isPresent() && (distinct.isTooMany() || distinct.size() >= DIFFERENT_MIN)) {
      lesson.offer("pattern", YamlEdit.quoted(pattern.get()), "%,d of %,d values".formatted(values - missing, values - missing), new Support(values - missing, requests, 0));
    }
  }

  private void length(Lesson lesson) {
    int min = shortest.value() >= 1 ? 1 : 0;
    int max = lengthMax(longest.value());
    int alone = longest.requests() == 1 && (Double.isNaN(longest.next()) || lengthMax(longest.next()) < longest.value()) ? 1 : 0;
    lesson.offer("length", "[" + min + ", " + max + "]", "%,d of %,d values, %.0f to %.0f characters".formatted(values - missing, values - missing, shortest.value(), longest.value()), new Support(values - missing, requests, alone));
  }

  /// Half as much again, rounded up to two digits.
  private static int lengthMax(double seen) {
    return Math.max(1, new BigDecimal(seen * LENGTH_SLACK).round(new MathContext(2, RoundingMode.UP)).intValue());
  }

  private String seen() {
    if (requests == 0) {
      return "nothing but missing values";
    }
    String many = distinct.isTooMany() ? "more than " + Distinct.VALUES_MAX : String.valueOf(distinct.size());
    return "%s different texts of %.0f to %.0f characters".formatted(many, shortest.value(), longest.value()) + (missing > 0 ? ", %,d of %,d missing".formatted(missing, values) : "");
  }
}
