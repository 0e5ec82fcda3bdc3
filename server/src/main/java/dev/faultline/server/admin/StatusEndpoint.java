package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureCounts;
import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStats;
import dev.faultline.capture.CaptureStore;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// `status`: what runs here, since when, and how full everything with a bound is.
public final class StatusEndpoint {

  /// Which build this is.
  public record Build(String version, String revision, String engine, Instant startedAt) {}

  private final Build build;
  private final Supplier<String> dataUrl;
  private final Supplier<String> phase;
  private final Dispatcher dispatcher;
  private final ModelRepository models;
  private final FaultGroups groups;
  private final CaptureQueue queue;
  private final CaptureStore store;
  private final Supplier<Map<String, Integer>> ports;
  private final InstantSource clock;

  /// `dataUrl` is where requests go, as this machine says it; `ports` are those that are open, by what they are for.
  public StatusEndpoint(
      Build build,
      Supplier<String> dataUrl,
      Supplier<String> phase,
      Dispatcher dispatcher,
      ModelRepository models,
      FaultGroups groups,
      CaptureQueue queue,
      CaptureStore store,
      Supplier<Map<String, Integer>> ports,
      InstantSource clock) {
    this.build = build;
    this.dataUrl = dataUrl;
    this.phase = phase;
    this.dispatcher = dispatcher;
    this.models = models;
    this.groups = groups;
    this.queue = queue;
    this.store = store;
    this.ports = ports;
    this.clock = clock;
  }

  Answer answer(Call call) {
    Query.none(call);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("schema", "faultline/status.v1");
    status.put("version", build.version());
    status.put("revision", build.revision());
    status.put("engine", build.engine());
    status.put("java", Runtime.version().toString());
    ports.get().forEach(status.putObject("ports")::put);
    status.put("pid", ProcessHandle.current().pid());
    status.put("phase", phase.get());
    status.put("data_url", dataUrl.get());
    status.put("started_at", build.startedAt().toString());
    status.put("up_s", Duration.between(build.startedAt(), clock.instant()).toMillis() / 1e3);
    status.put("requests_under_way", dispatcher.inFlight());
    status.set("models", models());
    status.putObject("groups").put("count", groups.size()).put("count_max", FaultGroups.GROUPS_MAX).put("forgotten", groups.forgotten());
    status.set("captures", captures());
    return Json.answer(status);
  }

  private ObjectNode models() {
    ObjectNode states = JsonNodeFactory.instance.objectNode().put("LOADING", 0).put("READY", 0).put("UNAVAILABLE", 0);
    for (ModelListing listing : models.list()) {
      String state = listing.state().label();
      states.put(state, states.path(state).asInt() + 1);
    }
    return states;
  }

  private ObjectNode captures() {
    CaptureCounts counts = queue.counts();
    CaptureStats stats = store.stats();
    ObjectNode captures = JsonNodeFactory.instance.objectNode();
    captures.put("count", stats.count()).put("bytes", stats.bytes()).put("bytes_max", stats.bytesMax());
    captures.put("oldest", stats.span().map(span -> span.oldest().toString()).orElse(null));
    captures.put("newest", stats.span().map(span -> span.newest().toString()).orElse(null));
    captures.put("stored", counts.stored()).put("dropped", counts.dropped()).put("sampled_out", counts.sampledOut());
    captures.put("waiting", counts.depth()).put("waiting_bytes", counts.depthBytes());
    captures.put("last_failure", counts.lastFailure().isEmpty() ? null : counts.lastFailure());
    ArrayNode findings = captures.putArray("findings");
    stats.findings().forEach(findings::add);
    return captures;
  }
}
