package dev.faultline.server.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// The webhook payload of Prometheus Alertmanager, version 4, so that receivers made for it work unchanged. One alert a message, grouped
/// by `alertname`.
final class AlertPayload {
  /// How Alertmanager writes that something has no end yet.
  private static final String NO_END = "0001-01-01T00:00:00Z";
  private static final int FINGERPRINT_DIGITS = 16;

  private AlertPayload() {}

  static ObjectNode of(Alert alert, String externalUrl) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("version", "4");
    payload.put("groupKey", "{}:{alertname=\"" + alert.name() + "\"}");
    payload.put("truncatedAlerts", 0);
    payload.put("status", status(alert));
    payload.put("receiver", "faultline");
    payload.putObject("groupLabels").put("alertname", alert.name());
    payload.set("commonLabels", texts(alert.labels()));
    payload.set("commonAnnotations", annotations(alert));
    payload.put("externalURL", externalUrl);
    payload.putArray("alerts").add(single(alert, externalUrl));
    return payload;
  }

  private static ObjectNode single(Alert alert, String externalUrl) {
    ObjectNode one = JsonNodeFactory.instance.objectNode();
    one.put("status", status(alert));
    one.set("labels", texts(alert.labels()));
    one.set("annotations", annotations(alert));
    one.put("startsAt", alert.startsAt().toString());
    one.put("endsAt", alert.endsAt().map(Object::toString).orElse(NO_END));
    one.put("generatorURL", externalUrl + alert.page());
    one.put("fingerprint", fingerprint(alert.labels()));
    return one;
  }

  private static String status(Alert alert) {
    return alert.isFiring() ? "firing" : "resolved";
  }

  private static ObjectNode annotations(Alert alert) {
    ObjectNode annotations = JsonNodeFactory.instance.objectNode();
    annotations.put("summary", alert.summary());
    return alert.description().isEmpty() ? annotations : annotations.put("description", alert.description());
  }

  /// An empty label is the same as none, as everywhere in Prometheus.
  private static ObjectNode texts(Map<String, String> labels) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    labels.forEach((name, value) -> {
      if (!value.isEmpty()) {
        node.put(name, value);
      }
    });
    return node;
  }

  static String fingerprint(Map<String, String> labels) {
    try {
      byte[] text = new TreeMap<>(labels).toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)).substring(0, FINGERPRINT_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
