package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.replay.ReplayResult.Missing;
import dev.faultline.server.replay.ReplayResult.OutputScore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A replay that was asked for: what of, how far it is, and what came out so far. Safe for use by several threads.
///
/// Of each status at most [#RESULTS_MAX] results are listed; all are counted.
///
/// Longer than most because its document is read in one place, in its order.
public final class ReplayTicket {
  static final int RESULTS_MAX = 250;
  private static final int OUTPUTS_MAX = 256;

  /// How far it has come. The names are those of the admin API.
  public enum State {
    QUEUED,
    RUNNING,
    DONE,
    /// It broke off; why is said.
    FAILED,
    CANCELLED;

    boolean isOver() {
      return this == DONE || this == FAILED || this == CANCELLED;
    }
  }

  private static final class OutputTotal {
    private int compared;
    private int different;
    private double absoluteMax = Double.NaN;

    void add(OutputScore score) {
      compared++;
      different += score.differs() ? 1 : 0;
      absoluteMax = Double.isNaN(absoluteMax) ? score.absoluteMax() : Math.max(absoluteMax, Double.isNaN(score.absoluteMax()) ? 0 : score.absoluteMax());
    }

    ObjectNode document(String name) {
      return JsonNodeFactory.instance.objectNode().put("name", name).put("compared", compared).put("different", different)
          .put("max_abs_error", Double.isFinite(absoluteMax) ? absoluteMax : null);
    }
  }

  private static final class LackTotal {
    private final String example;
    private int count;

    LackTotal(String example) {
      this.example = example;
    }
  }

  private final String id;
  private final ReplayOrder order;
  private final Instant createdAt;
  private final Map<ReplayStatus, Integer> totals = new EnumMap<>(ReplayStatus.class);
  private final Map<ReplayStatus, List<ReplayResult>> results = new EnumMap<>(ReplayStatus.class);
  private final Map<Lack, LackTotal> lacks = new EnumMap<>(Lack.class);
  private final Map<String, OutputTotal> outputs = new TreeMap<>();
  private State state = State.QUEUED;
  private int total;
  private int done;
  private int notRun;
  private long startNanos;
  private double seconds;
  private boolean cancelled;
  private String error = "";
  private ObjectNode judgement = JsonNodeFactory.instance.objectNode();

  ReplayTicket(String id, ReplayOrder order, Instant createdAt) {
    this.id = id;
    this.order = order;
    this.createdAt = createdAt;
  }

  public String id() {
    return id;
  }

  public synchronized State state() {
    return state;
  }

  /// `faultline/replay.v1`.
  public synchronized ObjectNode document() {
    ObjectNode document = head();
    ArrayNode missing = document.putArray("missing");
    lacks.forEach((lack, each) -> missing.addObject().put("reason", lack.label()).put("count", each.count).put("text", each.example));
    ArrayNode compared = document.putArray("outputs");
    outputs.forEach((name, each) -> compared.add(each.document(name)));
    document.set("judgement", judgement.isEmpty() ? JsonNodeFactory.instance.nullNode() : judgement);
    ArrayNode listed = document.putArray("results");
    results.values().forEach(some -> some.forEach(each -> listed.add(each.document())));
    document.put("results_left_out", done - listed.size());
    return document;
  }

  /// Without the results one by one, as a list shows it.
  public synchronized ObjectNode head() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/replay.v1").put("id", id).put("state", state.name());
    document.set("of", order.document());
    document.put("created_at", createdAt.toString());
    document.putObject("progress").put("done", done).put("total", total).put("seconds", Math.round(seconds * 1e3) / 1e3)
        .put("per_second", seconds > 0 ? Math.round(10 * done / seconds) / 10.0 : 0);
    ObjectNode counts = document.putObject("totals");
    for (ReplayStatus status : ReplayStatus.values()) {
      counts.put(status.label(), totals.getOrDefault(status, 0));
    }
    document.put("not_run", notRun);
    return document.put("error", error.isEmpty() ? null : error);
  }

  ReplayOrder order() {
    return order;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /// @return whether it was waiting and is running now
  synchronized boolean begin(long nowNanos) {
    if (state != State.QUEUED) {
      return false;
    }
    state = State.RUNNING;
    startNanos = nowNanos;
    return true;
  }

  synchronized void found(int count) {
    total = count;
  }

  synchronized void add(ReplayResult result, long nowNanos) {
    done++;
    seconds = (nowNanos - startNanos) / 1e9;
    totals.merge(result.status(), 1, Integer::sum);
    List<ReplayResult> some = results.computeIfAbsent(result.status(), _ -> new ArrayList<>());
    if (some.size() < RESULTS_MAX) {
      some.add(result);
    }
    result.lacks().forEach(this::add);
    result.found().outputs().forEach(this::add);
  }

  private void add(Missing missing) {
    lacks.computeIfAbsent(missing.lack(), _ -> new LackTotal(missing.text())).count++;
  }

  private void add(OutputScore score) {
    if (outputs.size() < OUTPUTS_MAX || outputs.containsKey(score.output())) {
      outputs.computeIfAbsent(score.output(), _ -> new OutputTotal()).add(score);
    }
  }

  /// What the version is judged to be, of all that is kept.
  synchronized void judged(ObjectNode document) {
    judgement = document;
  }

  /// Over: all were run, or time has run out.
  synchronized void done() {
    notRun = total - done;
    state = State.DONE;
  }

  synchronized void failed(String why) {
    error = why;
    state = State.FAILED;
  }

  /// Takes it back; one that runs ends at its next request.
  ///
  /// @return false when it was over already
  synchronized boolean cancel() {
    if (state.isOver()) {
      return false;
    }
    cancelled = true;
    state = state == State.QUEUED ? State.CANCELLED : state;
    return true;
  }

  synchronized void ended() {
    notRun = total - done;
    state = State.CANCELLED;
  }
}
