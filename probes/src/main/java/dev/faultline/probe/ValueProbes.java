package dev.faultline.probe;

import dev.faultline.probe.Subject.Place;
import dev.faultline.fault.Mend;
import dev.faultline.tensor.DataType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One value of the base request replaced: by null, by no number, by an end of its type, by a border of its rules, by an unseen text.
///
/// What is expected follows from the rules alone: what one of them refuses must be refused, what none speaks of may be refused or answered.
final class ValueProbes {
  private static final int LONG_TEXT_CHARS = 100_000;
  private static final int BORDER_TEXT_CHARS_MAX = 10_000;
  private static final int VALUES_TRIED_MAX = 3;
  private static final String UNSEEN = "faultline-unseen";

  private final Subject subject;
  private final Inputs base;
  private final List<Probe> probes = new ArrayList<>();

  ValueProbes(Subject subject, Inputs base) {
    this.subject = subject;
    this.base = base;
  }

  List<Probe> all() {
    for (Place place : subject.places(base)) {
      missing(place);
      switch (place.spec().type().kind()) {
        case FLOATING -> floating(place);
        case INTEGER -> integer(place);
        case TEXT -> text(place);
        case BOOLEAN -> {}
      }
    }
    return probes;
  }

  private void missing(Place place) {
    if (place.spec().type().hasJsonForm()) {
      boolean allowed = place.limits().nullable();
      Mend mend = allowed ? Mend.of("the contract allows null here and the model cannot take it: remove nullable, or add a preprocess step 'impute'") : notNull();
      add(Kind.NULL, "null in " + place.label(), place, allowed ? Expected.ANSWERED : Expected.REFUSED, "null", mend);
    }
  }

  private static Mend notNull() {
    return Mend.of("null must be refused where the contract does not say nullable");
  }

  private void floating(Place place) {
    Limits limits = place.limits();
    Mend finite = Subject.rule("refuse it before the model", place.field(), "finite: true");
    add(Kind.NONFINITE, "NaN in " + place.label(), place, limits.nullable() ? Expected.ANSWERED : either(limits.refusesNan()), "NaN", limits.nullable() ? Mend.of("the contract takes NaN for missing and the model cannot take it: remove nullable, or add a preprocess step 'impute'") : finite);
    add(Kind.NONFINITE, "Infinity in " + place.label(), place, either(limits.refusesInfinity(true)), "Infinity", finite);
    add(Kind.NONFINITE, "-Infinity in " + place.label(), place, either(limits.refusesInfinity(false)), "-Infinity", finite);
    double largest = Span.largest(place.spec().type());
    number(Kind.EXTREME, "largest " + place.spec().type(), place, largest);
    number(Kind.EXTREME, "most negative " + place.spec().type(), place, -largest);
    number(Kind.EXTREME, "smallest " + place.spec().type(), place, Span.smallest(place.spec().type()));
    if (place.spec().type().hasJsonForm()) {
      beyond(place, "1e999");
      beyond(place, "-1e999");
    }
    borders(place);
  }

  private void integer(Place place) {
    DataType type = place.spec().type();
    BigInteger least = Span.least(type);
    BigInteger greatest = Span.greatest(type);
    whole("largest " + type, place, greatest);
    if (least.signum() < 0) {
      whole("most negative " + type, place, least);
      if (!place.limits().refuses(-1)) {
        whole("-1", place, BigInteger.ONE.negate());
      }
    }
    beyond(place, greatest.add(BigInteger.ONE).toString());
    beyond(place, least.subtract(BigInteger.ONE).toString());
    add(Kind.TYPE, "a fraction in " + place.label(), place, Expected.REFUSED, "1.5", Mend.of("a fraction must not be cut to a whole number silently"));
    add(Kind.NONFINITE, "NaN in " + place.label(), place, Expected.REFUSED, "NaN", Mend.of("an integer cannot be NaN"));
    borders(place);
  }

  private void beyond(Place place, String number) {
    add(Kind.EXTREME, number + ", which no " + place.spec().type() + " holds, in " + place.label(), place, Expected.REFUSED, number, Mend.of("a number beyond the data type must not be wrapped or cut"));
  }

  private void whole(String what, Place place, BigInteger value) {
    add(Kind.EXTREME, what + " in " + place.label(), place, either(place.limits().refuses(value.doubleValue())), value.toString(), range(place));
  }

  private void number(Kind kind, String what, Place place, double value) {
    add(kind, what + " in " + place.label(), place, either(place.limits().refuses(value)), Span.text(place.spec().type(), value), range(place));
  }

  private Mend range(Place place) {
    return Subject.rule("say what is allowed, with the model's own limits for LOW and HIGH", place.field(), "range: [LOW, HIGH]");
  }

  /// Where a rule ends: the last allowed number, and the one beside it.
  private void borders(Place place) {
    Limits limits = place.limits();
    border(place, limits.low(), false);
    border(place, limits.high(), true);
    if (!limits.values().isEmpty()) {
      limits.values().stream().limit(VALUES_TRIED_MAX).filter(each -> !limits.refuses(Double.parseDouble(each)))
          .forEach(each -> add(Kind.CATEGORY, each + " in " + place.label(), place, Expected.ANSWERED, each, tooWide(place)));
      double beyond = limits.values().stream().mapToDouble(Double::parseDouble).max().orElse(0) + 1;
      add(Kind.CATEGORY, Span.text(place.spec().type(), beyond) + ", not among the values, in " + place.label(), place, Expected.REFUSED, Span.text(place.spec().type(), beyond), Mend.of("the contract lists the values"));
    }
  }

  private void border(Place place, double at, boolean high) {
    DataType type = place.spec().type();
    if (Double.isInfinite(at) || !Span.holds(type, at) || place.limits().refuses(at)) {
      return;
    }
    add(Kind.BORDER, Span.text(type, at) + ", the " + (high ? "highest" : "lowest") + " allowed, in " + place.label(), place, Expected.ANSWERED, Span.text(type, at), tooWide(place));
    double beside = Span.next(type, at, high);
    if (Span.holds(type, beside) && beside != at) {
      add(Kind.BORDER, Span.text(type, beside) + ", just out of range, in " + place.label(), place, Expected.REFUSED, Span.text(type, beside), Mend.of("the contract's range ends before it"));
    }
  }

  private Mend tooWide(Place place) {
    return Subject.rule("the contract allows what the model cannot take: narrow the rule", place.field(), "range: [LOW, HIGH]");
  }

  private void text(Place place) {
    Limits limits = place.limits();
    category(place, limits);
    said(Kind.TEXT, "the empty text", place, "");
    said(Kind.TEXT, "a character beyond the BMP (an emoji)", place, "😀");
    said(Kind.TEXT, "an accent as a character of its own (NFD)", place, "Ame\u0301lie");
    said(Kind.TEXT, "text decoded with the wrong charset (mojibake)", place, "AmÃ©lie");
    said(Kind.TEXT, "a NUL character", place, "a\u0000b");
    said(Kind.TEXT, LONG_TEXT_CHARS + " characters", place, "x".repeat(LONG_TEXT_CHARS));
    add(Kind.TEXT, "half of a surrogate pair in " + place.label(), place, Expected.REFUSED, "\"\\ud83d\"", Mend.of("such a text has no UTF-8 form; replaced by '?' it is another text"));
    if (limits.values().isEmpty() && limits.patterns().isEmpty()) {
      lengths(place, limits);
    }
  }

  private void category(Place place, Limits limits) {
    said(Kind.CATEGORY, "an unseen text", place, UNSEEN);
    for (String value : limits.values().stream().limit(VALUES_TRIED_MAX).toList()) {
      if (!limits.refuses(value)) {
        add(Kind.CATEGORY, "'" + value + "' in " + place.label(), place, Expected.ANSWERED, Given.text(value), Mend.of("the contract allows a value that the model cannot take: take it out of values"));
      }
    }
    limits.values().stream().findFirst().ifPresent(value -> {
      String other = value.equals(value.toUpperCase(Locale.ROOT)) ? value.toLowerCase(Locale.ROOT) : value.toUpperCase(Locale.ROOT);
      said(Kind.CATEGORY, "'" + other + "', in another case,", place, other);
      said(Kind.CATEGORY, "'" + value + " ', with a blank behind,", place, value + " ");
    });
  }

  private void lengths(Place place, Limits limits) {
    if (limits.longest() <= BORDER_TEXT_CHARS_MAX) {
      allowed(place, "the longest allowed text", "x".repeat(limits.longest()));
      allowed(place, "the longest allowed text, of characters beyond the BMP,", "😀".repeat(limits.longest()));
      said(Kind.BORDER, "a text one character too long", place, "x".repeat(limits.longest() + 1));
    }
    if (limits.shortest() > 0) {
      allowed(place, "the shortest allowed text", "x".repeat(Math.min(limits.shortest(), LONG_TEXT_CHARS)));
      said(Kind.BORDER, "a text one character too short", place, "x".repeat(Math.min(limits.shortest() - 1, LONG_TEXT_CHARS)));
    }
  }

  private void allowed(Place place, String what, String text) {
    add(Kind.BORDER, what + " in " + place.label(), place, Expected.ANSWERED, Given.text(text), Subject.rule("the contract allows what the model cannot take: narrow the rule", place.field(), "length: [LOW, HIGH]"));
  }

  private void said(Kind kind, String what, Place place, String text) {
    Mend mend = Subject.rule("say which texts are allowed, with the model's own for A and B", place.field(), "values: [A, B]");
    add(kind, what + " in " + place.label(), place, either(place.limits().refuses(text)), Given.text(text), mend);
  }

  private static Expected either(boolean refused) {
    return refused ? Expected.REFUSED : Expected.EITHER;
  }

  private void add(Kind kind, String title, Place place, Expected expected, String element, Mend mend) {
    Inputs changed = base.changing(place.spec().name(), given -> given.with(place.at(), element));
    probes.add(Probe.of(kind, title, place.field(), expected, changed.call(subject.inferPath())).mendedBy(mend));
  }
}
