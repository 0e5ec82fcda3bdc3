package dev.faultline.serving.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/// What the names of model versions stand for now: labels that can be moved, and the version that answers who names none. Read by every
/// request without a lock; changed as a whole for one model at a time.
public final class VersionNames {
  private static final Pattern LABEL = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,62}");

  /// The names of one model. `defaultVersion` empty: the highest that is ready answers. `formerDefault` is where a roll back leads, empty
  /// when there was none.
  public record Named(String defaultVersion, String formerDefault, Map<String, String> labels) {
    public static final Named NOTHING = new Named("", "", Map.of());

    public Named {
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /// The same with a label moved to `version`, or removed when that is empty.
    public Named withLabel(String label, String version) {
      var moved = new TreeMap<>(labels);
      if (version.isEmpty()) {
        moved.remove(label);
      } else {
        moved.put(label, version);
      }
      return new Named(defaultVersion, formerDefault, moved);
    }

    public Named withDefault(String version) {
      return new Named(version, version.equals(defaultVersion) ? formerDefault : defaultVersion, labels);
    }
  }

  private final ConcurrentMap<String, Named> models = new ConcurrentHashMap<>();

  /// A letter, then letters, digits, `.`, `_` or `-`, at most 63 characters: never a number, which is a version.
  public static boolean isLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  public Named of(String model) {
    return models.getOrDefault(model, Named.NOTHING);
  }

  public void put(String model, Named named) {
    models.put(model, named);
  }

  /// The version that a label stands for; empty when there is no such label.
  public String labelled(String model, String label) {
    return of(model).labels().getOrDefault(label, "");
  }
}
