package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// A look at contracts that was asked for: what of, how far it is, and what came out. Safe for use by several threads.
public final class ContractTicket {

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
  private final ObjectNode of;
  private final ContractTask task;
  private final Instant createdAt;
  private State state = State.QUEUED;
  private int total;
  private int done;
  private long startNanos;
  private double seconds;
  private boolean cancelled;
  private String error = "";
  private ObjectNode result = JsonNodeFactory.instance.objectNode();

  /// `of` says what was asked for, as the document shows it.
  ContractTicket(String id, ObjectNode of, ContractTask task, Instant createdAt) {
    this.id = id;
    this.of = of;
    this.task = task;
    this.createdAt = createdAt;
  }

  public String id() {
    return id;
  }

  public synchronized State state() {
    return state;
  }

  ContractTask task() {
    return task;
  }

  /// `faultline/contract.v1`; `result` is null until it is done.
  public synchronized ObjectNode document() {
    ObjectNode document = head();
    if (state == State.DONE) {
      document.set("result", result);
    } else {
      document.putNull("result");
    }
    return document;
  }

  /// Without the result, as a list shows it.
  public synchronized ObjectNode head() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/contract.v1").put("id", id).put("state", state.name());
    document.set("of", of);
    document.put("created_at", createdAt.toString());
    document.putObject("progress").put("done", done).put("total", total).put("seconds", Math.round(seconds * 1e3) / 1e3).put("per_second", seconds > 0 ? Math.round(10 * done / seconds) / 10.0 : 0);
    return document.put("error", error.isEmpty() ? null : error);
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

  synchronized void expect(int requests) {
    total = requests;
  }

  synchronized void step(long nowNanos) {
    done++;
    seconds = (nowNanos - startNanos) / 1e9;
  }

  synchronized void done(ObjectNode found) {
    result = found;
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
    state = State.CANCELLED;
  }
}
