package dev.faultline.server.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Something that needs a person, from when it began until it was over. The labels are its identity; they have `alertname` and
/// `severity`. `page` is the path of the admin API that says more.
record Alert(Map<String, String> labels, String summary, String description, String page, Instant startsAt, Optional<Instant> endsAt) {
  Alert {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  String name() {
    return labels.getOrDefault("alertname", "");
  }

  String model() {
    return labels.getOrDefault("model", "");
  }

  boolean isFiring() {
    return endsAt.isEmpty();
  }

  Alert endedAt(Instant end) {
    return new Alert(labels, summary, description, page, startsAt, Optional.of(end));
  }
}
