package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.Over;
import dev.faultline.isolation.Progress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One investigation that was asked for: what of, with how much, how far it is, and what came out. Safe for use by several threads.
public final class Ticket {

  /// Who asked.
  enum Origin {
    CALLER,
    /// Nobody: a group was new, or had grown.
    BACKGROUND
  }

  /// What is investigated: a fault, its group, or the latest fault of a group when `fault` is empty.
  record Subject(String fault, String group) {}

  private final String id;
  private final Subject subject;
  private final Origin origin;
  private final Optional<Over> over;
  private final int replaysMax;
  private final long millisMax;
  private final Instant createdAt;
  private InvestigationState state = InvestigationState.QUEUED;
  private Progress progress = new Progress("waiting for its turn", 0);
  private boolean cancelled;
  private String error = "";
  private @Nullable ObjectNode verdict;
  private @Nullable ObjectNode bisection;

  Ticket(String id, Subject subject, Origin origin, Optional<Over> over, int replaysMax, long millisMax, Instant createdAt) {
    this.id = id;
    this.subject = subject;
    this.origin = origin;
    this.over = over;
    this.replaysMax = replaysMax;
    this.millisMax = millisMax;
    this.createdAt = createdAt;
  }

  public String id() {
    return id;
  }

  public synchronized InvestigationState state() {
    return state;
  }

  /// `faultline/investigation.v1`.
  public synchronized ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/investigation.v1").put("id", id).put("state", state.name());
    document.put("fault", subject.fault().isEmpty() ? null : subject.fault());
    document.put("group", subject.group().isEmpty() ? null : subject.group());
    document.put("background", origin == Origin.BACKGROUND);
    document.put("created_at", createdAt.toString());
    document.putObject("budget").put("replays", replaysMax).put("millis", millisMax);
    document.putObject("progress").put("doing", progress.doing()).put("replays", progress.replays());
    document.put("error", error.isEmpty() ? null : error);
    document.set("verdict", verdict);
    document.put("over", over.map(each -> each.name().toLowerCase(Locale.ROOT)).orElse(null));
    document.set("bisection", bisection);
    return document;
  }

  Subject subject() {
    return subject;
  }

  Origin origin() {
    return origin;
  }

  /// What is searched; empty for a whole investigation.
  Optional<Over> over() {
    return over;
  }

  int replaysMax() {
    return replaysMax;
  }

  long millisMax() {
    return millisMax;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  synchronized int replays() {
    return progress.replays();
  }

  /// @return whether it was waiting and is running now
  synchronized boolean begin() {
    if (state != InvestigationState.QUEUED) {
      return false;
    }
    state = InvestigationState.RUNNING;
    return true;
  }

  synchronized void progress(Progress now) {
    progress = now;
  }

  synchronized void done(ObjectNode found) {
    verdict = found;
    progress = new Progress("done", found.path("replays").asInt());
    state = InvestigationState.DONE;
  }

  /// `found` is a `bisection.v1`.
  synchronized void bisected(ObjectNode found) {
    bisection = found;
    progress = new Progress("done", found.path("replays").asInt());
    state = InvestigationState.DONE;
  }

  synchronized void failed(String why) {
    error = why;
    state = InvestigationState.FAILED;
  }

  /// Takes it back; one that runs ends at its next trial.
  ///
  /// @return false when it was over already
  synchronized boolean cancel() {
    if (state.isOver()) {
      return false;
    }
    cancelled = true;
    state = state == InvestigationState.QUEUED ? InvestigationState.CANCELLED : state;
    return true;
  }

  synchronized void ended() {
    state = InvestigationState.CANCELLED;
  }
}
