package dev.faultline.server.edge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.Payload;
import dev.faultline.server.health.ErrorRates.Standing;
import dev.faultline.server.health.Health;
import dev.faultline.server.health.Readiness;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import java.nio.charset.StandardCharsets;

/// Whether the server and a model are ready, as the protocol asks it; when not, why, in a member beside the protocol's own.
final class HealthEndpoints {
  private final Health health;

  HealthEndpoints(Health health) {
    this.health = health;
  }

  /// The protocol's text says `live` where it means `ready`, so both are there.
  Answer server(Call call) {
    Readiness readiness = health.readiness();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("live", true).put("ready", readiness.isReady());
    if (!readiness.isReady()) {
      body.put("reason", readiness.reason());
    }
    return Answer.of(readiness.isReady() ? 200 : 503, payload(body));
  }

  Payload model(String name, String version, boolean ready) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name).put("ready", ready);
    Standing standing = health.standing(name, version);
    if (!ready) {
      body.put("reason", health.reason(name, version).orElse("it has just changed; ask again"));
    } else if (standing.isDegraded()) {
      body.put("degraded", true).put("reason", standing.reason());
    }
    return payload(body);
  }

  private static Payload payload(ObjectNode body) {
    return Payload.of(body.toString().getBytes(StandardCharsets.UTF_8), "application/json");
  }
}
