package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One request as attribution sees it: how it ended, and what it had on each dimension.
///
/// `weight` is the number of like requests that it stands for (1 / sampling rate; failing ones are all kept, so 1). `stratum` names the
/// requests that it may fairly be compared with, such as those of the same ten minutes and route. A dimension has one reading, or one
/// for each row of a batch: a condition holds when any row meets it. A dimension that others have and this one lacks is missing here.
public record Sighting(String id, Side side, double weight, String stratum, Map<String, List<Reading>> readings) {

  /// How the request ended, as far as the fault under investigation goes.
  public enum Side {
    FAILING,
    PASSING
  }

  public Sighting {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("sighting '" + id + "' has weight " + weight + " (expected: a finite number above 0)");
    }
    var copy = new LinkedHashMap<String, List<Reading>>(readings.size() * 2);
    readings.forEach((dimension, values) -> copy.put(dimension, List.copyOf(values)));
    readings = Collections.unmodifiableMap(copy);
  }

  /// One reading for each dimension, weight 1.
  public static Sighting of(String id, Side side, String stratum, Map<String, Reading> readings) {
    var lists = new LinkedHashMap<String, List<Reading>>(readings.size() * 2);
    readings.forEach((dimension, value) -> lists.put(dimension, List.of(value)));
    return new Sighting(id, side, 1, stratum, lists);
  }

  public boolean isFailing() {
    return side == Side.FAILING;
  }
}
