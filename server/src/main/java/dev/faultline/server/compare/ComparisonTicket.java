package dev.faultline.server.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A comparison that was asked for: what of, how far it is, and what came out. Safe for use by several threads.
public final class ComparisonTicket {

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

  private final String id;
  private final ComparisonOrder order;
  private final Instant createdAt;
  private State state = State.QUEUED;
  private int selected;
  private int baseline;
  private long startNanos;
  private double seconds;
  private boolean cancelled;
  private String error = "";
  private @Nullable ComparisonFinding finding;

  ComparisonTicket(String id, ComparisonOrder order, Instant createdAt) {
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

  /// `faultline/comparison.v1`.
  public synchronized ObjectNode document() {
    ObjectNode document = head();
    if (finding == null) {
      ComparisonDocument.addNothingTo(document);
    } else {
      new ComparisonDocument(finding).addTo(document);
    }
    return document;
  }

  /// Without what was found, as a list shows it.
  public synchronized ObjectNode head() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/comparison.v1").put("id", id).put("state", state.name());
    document.putObject("of").put("selection", order.selection().text()).put("baseline", order.baseline().text()).put("limit", order.limit());
    document.put("created_at", createdAt.toString());
    document.putObject("progress").put("selected", selected).put("baseline", baseline).put("seconds", Math.round(seconds * 1e3) / 1e3);
    return document.put("error", error.isEmpty() ? null : error);
  }

  ComparisonOrder order() {
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

  synchronized void read(int ofSelection, int ofBaseline, long nowNanos) {
    selected = ofSelection;
    baseline = ofBaseline;
    seconds = (nowNanos - startNanos) / 1e9;
  }

  synchronized void done(ComparisonFinding found, long nowNanos) {
    read(found.selected().size(), found.baseline().size(), nowNanos);
    finding = found;
    state = State.DONE;
  }

  synchronized void failed(String why) {
    error = why;
    state = State.FAILED;
  }

  /// Takes it back; one that runs ends before its next step.
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
    state = State.CANCELLED;
  }
}
