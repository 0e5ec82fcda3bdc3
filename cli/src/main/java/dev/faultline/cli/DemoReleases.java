package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// The demo's last scene: versions 2 and 3 as canaries of version 1, until the judge ends each by itself.
final class DemoReleases {
  private static final List<String> CANDIDATES = List.of("2", "3");
  private static final int REQUESTS_MIN = 200;
  private static final int BATCH = 40;
  private static final long PAUSE_MILLIS = 40;
  /// After so many nothing will come of it.
  private static final int REQUESTS_MAX = 12_000;

  private final URI http;
  private final AdminClient admin;
  private final List<DemoCall> calls;
  private int next;

  /// `calls` are sent over and over.
  DemoReleases(URI http, AdminClient admin, List<DemoCall> calls) {
    this.http = http;
    this.admin = admin;
    this.calls = calls;
  }

  List<DemoRelease> play() throws IOException, InterruptedException, CommandException {
    var releases = new java.util.ArrayList<DemoRelease>();
    for (String candidate : CANDIDATES) {
      releases.add(played(candidate));
    }
    return releases;
  }

  private DemoRelease played(String candidate) throws IOException, InterruptedException, CommandException {
    JsonNode rollout = admin.post("rollouts", plan(candidate));
    String path = "rollouts/" + text(rollout, "id");
    var served = new AtomicLong();
    int sent = 0;
    var clients = new DemoClients(http, (_, answer) -> served.addAndGet(answer.isServed() ? 1 : 0));
    while (rollout.path("ended_at").isNull() && sent < REQUESTS_MAX) {
      clients.send(batch());
      sent += BATCH;
      Thread.sleep(PAUSE_MILLIS);
      rollout = admin.fetch(path);
    }
    return new DemoRelease(rollout.path("ended_at").isNull() ? admin.post(path + "/abort", JsonNodeFactory.instance.objectNode()) : rollout, sent, served.get());
  }

  private List<DemoCall> batch() {
    List<DemoCall> batch = IntStream.range(0, BATCH).mapToObj(i -> calls.get((next + i) % calls.size())).toList();
    next += BATCH;
    return batch;
  }

  private static ObjectNode plan(String candidate) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode().put("model", DemoPlan.MODEL).put("candidate", candidate).put("baseline", "1");
    plan.putArray("steps").add(20).add(50).add(100);
    return plan.put("min_requests", REQUESTS_MIN).put("min_minutes", 0).put("max_minutes", 10);
  }
}
