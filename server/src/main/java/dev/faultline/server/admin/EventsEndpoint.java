package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.rollout.Rollout;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.Ticket;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import dev.faultline.server.rollout.RolloutControl;
import dev.faultline.server.rollout.RolloutReports;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `events`: new faults and suspicions, the progress of investigations, and every move of a rollout, as server-sent events (WHATWG HTML, 9.2) while they happen.
///
/// Each listener has a bounded buffer; what does not fit is left out and counted in the next event's `missed` comment, because a slow
/// reader must not hold up requests. Whoever needs all of them reads `faults`.
final class EventsEndpoint implements Endpoint, AutoCloseable {
  static final int LISTENERS_MAX = 32;
  static final int BUFFERED_MAX = 1_000;
  private static final long HEARTBEAT_SECONDS = 15;

  /// One event; the data is made when it is written.
  private record Event(String name, String id, Supplier<ObjectNode> data) {
    static Event of(Kept kept) {
      return new Event(kept.context().isSuspicion() ? "suspicion" : "fault", kept.occurrence().id(), () -> kept.document(DetailLevel.INTERNAL));
    }

    static Event of(Ticket ticket) {
      ObjectNode now = ticket.document();
      return new Event("investigation", ticket.id(), () -> now);
    }

    static Event of(Rollout rollout, ObjectNode now) {
      return new Event("rollout", rollout.id(), () -> now);
    }
  }

  private final Keeper keeper;
  private final Investigations investigations;
  private final RolloutControl rollouts;
  private final RolloutReports reports;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  EventsEndpoint(Keeper keeper, Investigations investigations, RolloutControl rollouts, RolloutReports reports) {
    this.rollouts = rollouts;
    this.reports = reports;
    this.keeper = keeper;
    this.investigations = investigations;
  }

  @Override
  public void handle(Call call, ServerResponse response) {
    Query.none(call);
    var listener = new Listener();
    if (closed || listeners.size() >= LISTENERS_MAX) {
      throw Refusal.busy(LISTENERS_MAX + " listeners are here already, or the server is stopping (expected: fewer than " + LISTENERS_MAX + ")");
    }
    listeners.add(listener);
    Consumer<Kept> faults = kept -> listener.accept(Event.of(kept));
    Consumer<Ticket> tickets = ticket -> listener.accept(Event.of(ticket));
    keeper.listen(faults);
    investigations.listen(tickets);
    Consumer<Rollout> moves = rollout -> listener.accept(Event.of(rollout, reports.document(rollout)));
    rollouts.listen(moves);
    try {
      stream(listener, call, response);
    } finally {
      keeper.forget(faults);
      investigations.forget(tickets);
      rollouts.forget(moves);
      listeners.remove(listener);
    }
  }

  /// Ends every stream, so that the port can close.
  @Override
  public void close() {
    closed = true;
    listeners.forEach(Listener::end);
  }

  private void stream(Listener listener, Call call, ServerResponse response) {
    response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/event-stream"));
    response.header(HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store"));
    response.header(HeaderValues.create(HeaderNames.create("X-Request-Id"), call.ids().id().value()));
    try (OutputStream out = response.outputStream()) {
      write(out, ": faults as they happen\n\n");
      while (!closed && !call.cancellation().isCancelled()) {
        Optional<Event> next = listener.next();
        write(out, next.map(event -> text(event, listener.missed.getAndSet(0))).orElse(": still here\n\n"));
      }
    } catch (IOException e) {
      // the reader has left: nobody is there to be told
      return;
    } catch (InterruptedException e) {
      // the process ends
      return;
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String text(Event event, long missed) {
    String comment = missed == 0 ? "" : ": missed " + missed + "\n";
    return comment + "id: " + event.id() + "\nevent: " + event.name() + "\ndata: " + event.data().get() + "\n\n";
  }

  private static final class Listener implements Consumer<Event> {
    private final BlockingQueue<Optional<Event>> buffer = new ArrayBlockingQueue<>(BUFFERED_MAX);
    private final AtomicLong missed = new AtomicLong();

    @Override
    public void accept(Event event) {
      if (!buffer.offer(Optional.of(event))) {
        missed.incrementAndGet();
      }
    }

    /// Empty when nothing happened for a while, or when it is time to look whether to go on.
    Optional<Event> next() throws InterruptedException {
      Optional<Event> next = buffer.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
      return Objects.requireNonNullElse(next, Optional.empty());
    }

    void end() {
      buffer.clear();
      buffer.add(Optional.empty());
    }
  }
}
