package dev.faultline.server.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.Standing;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Posts every move of a rollout as a CloudEvent 1.0 in structured mode, `dev.faultline.rollout.v1`, with the whole `rollout.v1` as its data.
///
/// The id is made of the rollout and the move, so that a message that came twice, because its first answer was lost, is known as the same.
public final class RolloutEvents implements AutoCloseable {
  static final String TYPE = "dev.faultline.rollout.v1";
  private static final String CONTENT_TYPE = "application/cloudevents+json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Optional<Webhook> sink;
  private final Supplier<String> source;
  private final Function<Rollout, ObjectNode> documents;

  /// Without an address nothing is sent. `source` is where people reach the admin API, `document` a rollout as every surface shows it.
  public RolloutEvents(Optional<URI> address, Supplier<String> source, Function<Rollout, ObjectNode> document) {
    this.sink = address.map(uri -> new Webhook(uri, CONTENT_TYPE, Webhook.Tries.DEFAULT));
    this.source = source;
    this.documents = document;
  }

  /// Hears of every rollout that begins or moves.
  public void onRollout(Rollout rollout) {
    sink.ifPresent(hook -> hook.send(json(event(rollout))));
  }

  /// How many events were `sent`, `failed` (given up after all tries) and `dropped` for want of a place.
  public Map<String, Long> messages() {
    return sink.map(Webhook::counts).orElse(Webhook.NONE);
  }

  @Override
  public void close() {
    sink.ifPresent(Webhook::close);
  }

  private ObjectNode event(Rollout rollout) {
    Standing standing = rollout.standing();
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("specversion", "1.0").put("type", TYPE);
    event.put("id", rollout.id() + "." + standing.state().name().toLowerCase(java.util.Locale.ROOT) + "." + standing.weight() + "." + standing.since().toEpochMilli());
    event.put("source", source.get() + "/faultline/v1/rollouts").put("subject", rollout.id()).put("time", standing.since().toString());
    event.put("datacontenttype", "application/json");
    event.put("model", rollout.plan().model()).put("candidate", rollout.plan().candidate()).put("state", standing.state().name());
    return event.set("data", documents.apply(rollout));
  }

  private static byte[] json(ObjectNode event) {
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }
}
