package dev.faultline.probe;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Requests made up from a contract alone: ones, or what the rules allow instead, in shapes that grow where nobody said.
///
/// A shape that only the export knows cannot be read from a contract, so several are tried; the server says which it answers.
public final class Synthesis {
  private static final List<Long> EXTENTS = List.of(1L, 2L, 3L, 4L, 8L, 16L, 32L, 64L, 128L, 224L, 256L);
  private static final List<String> TEXTS = List.of("text", "a", "A", "1", "A1", "a1", "2026-01-01", "2026-01-01T00:00:00Z", "someone@example.org", "00000000-0000-0000-0000-000000000000", "");
  private static final long ELEMENTS_MAX = 1_000_000;

  private final Subject subject;

  public Synthesis(Subject subject) {
    this.subject = subject;
  }

  public List<Inputs> all() {
    return EXTENTS.stream().map(this::inputs).distinct().toList();
  }

  private Inputs inputs(long extent) {
    var inputs = new ArrayList<Given>();
    for (TensorSpec spec : subject.contract().inputs()) {
      if (spec.presence() == TensorSpec.Presence.REQUIRED) {
        inputs.add(given(spec, extent));
      }
    }
    return new Inputs(inputs);
  }

  private Given given(TensorSpec spec, long extent) {
    var shape = new ArrayList<Long>();
    for (Dimension dimension : spec.dimensions()) {
      // the first axis is nearly always that of rows
      shape.add(dimension instanceof Dimension.Fixed(long fixed) ? fixed : shape.isEmpty() ? 1 : extent);
    }
    long count = Math.min(ELEMENTS_MAX, shape.stream().reduce(1L, (a, b) -> a * b));
    var elements = new ArrayList<String>();
    for (long i = 0; i < count; i++) {
      elements.add(element(spec, (int) i));
    }
    return new Given(spec.name(), spec.type().name(), shape, elements);
  }

  private String element(TensorSpec spec, int at) {
    boolean named = !spec.columns().isEmpty();
    var field = new FieldRef(spec.name(), named ? spec.columns().get(at % spec.columns().size()) : "");
    Limits limits = Limits.of(subject.contract(), spec.type(), field);
    return switch (spec.type().kind()) {
      case BOOLEAN -> limits.values().contains("0") && !limits.values().contains("1") ? "false" : "true";
      case TEXT -> Given.text(text(limits));
      case INTEGER, FLOATING -> limits.values().stream().findFirst().orElseGet(() -> Span.text(spec.type(), number(limits)));
    };
  }

  private static double number(Limits limits) {
    return limits.low() <= limits.high() ? Math.clamp(1, limits.low(), limits.high()) : 1;
  }

  /// Patterns are not solved, only tried.
  private static String text(Limits limits) {
    String padded = "x".repeat(Math.clamp(limits.shortest(), 0, 10_000));
    return limits.values().stream().filter(each -> !limits.refuses(each)).findFirst()
        .or(() -> TEXTS.stream().filter(each -> !limits.refuses(each)).findFirst())
        .orElse(padded);
  }
}
