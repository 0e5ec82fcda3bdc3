package dev.faultline.probe;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is odd about a request.
public enum Kind {
  MISSING("an input is left out"),
  NULL("a value is null"),
  NONFINITE("a number is NaN or infinite"),
  EXTREME("a number is at, or beyond, an end of its data type"),
  BORDER("a value is just inside, or just outside, what a rule allows"),
  CATEGORY("a value that nobody has seen"),
  TEXT("Unicode, control characters, very long text"),
  TYPE("a value or a tensor of another type"),
  SHAPE("rank, extents or number of values do not fit"),
  EMPTY("no rows, or nothing along an axis"),
  HUGE("many rows, a payload beyond all bounds"),
  NAMES("unknown inputs, outputs and members"),
  JSON("the body is not the JSON it should be"),
  ROUTE("another model, version, method or content type"),
  V1("the same mistakes in KServe V1");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static List<String> labels() {
    return Arrays.stream(values()).map(Kind::label).toList();
  }

  public static Optional<Kind> find(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label.toLowerCase(Locale.ROOT))).findFirst();
  }
}
