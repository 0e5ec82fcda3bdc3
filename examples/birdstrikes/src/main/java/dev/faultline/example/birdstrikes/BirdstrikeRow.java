package dev.faultline.example.birdstrikes;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One reported strike, as the file has it.
///
/// @param number place in the file, from 1; the header is not counted
/// @param speedText knots, or empty where nobody noted the speed
/// @param damageText `None`, or how bad it was
public record BirdstrikeRow(
    int number, LocalDate flightDate, Map<Category, String> categories, String speedText, String damageText) {

  /// The name of the one input that may be missing.
  public static final String SPEED_INPUT = "speed_knots";

  /// Models learn from flights before this day and are judged on the later ones, as in life.
  static final LocalDate HELD_OUT_FROM = LocalDate.of(2000, 1, 1);

  public BirdstrikeRow {
    Map<Category, String> copy = new EnumMap<>(Category.class);
    copy.putAll(categories);
    categories = Collections.unmodifiableMap(copy);
  }

  public OptionalInt speedKnots() {
    return speedText.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(speedText));
  }

  /// What the models predict.
  public boolean damaged() {
    return !damageText.equals("None");
  }

  /// Whether no model has learnt from this row.
  public boolean heldOut() {
    return !flightDate.isBefore(HELD_OUT_FROM);
  }

  /// The text the file has for a category; the month as `1` to `12`.
  public String category(Category category) {
    return categories.getOrDefault(category, "");
  }

  /// The values by input name, as a request sends them: a missing speed is `null`, a missing text stays the empty string, and
  /// a category the models never saw is sent as it is.
  public SequencedMap<String, @Nullable Object> values() {
    SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put(SPEED_INPUT, speedKnots().isPresent() ? (Object) speedKnots().getAsInt() : null);
    for (Category category : Category.values()) {
      values.put(category.input(), value(category));
    }
    return values;
  }

  private Object value(Category category) {
    return category.isNumber() ? (Object) Long.valueOf(category(category)) : category(category);
  }
}
