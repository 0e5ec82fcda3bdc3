package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.server.contract.ContractTask.CancelledTaskException;
import dev.faultline.server.contract.ContractTask.TaskException;
import dev.faultline.server.contract.ContractTask.Work;
import dev.faultline.server.ticket.RandomIds;
import dev.faultline.server.ticket.TicketList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at contracts that somebody asked for: one at a time on a thread of their own. They run no model, but they read and decode what is kept: half a core at most in
/// the long run, after twenty seconds at full speed.
public final class Contracts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Contracts.class);
  /// Looks that may wait.
  static final int WAITING_MAX = 16;
  /// Looks remembered with their results, the oldest that are over go first.
  static final int REMEMBERED_MAX = 20;
  /// Of one core.
  private static final double SHARE = 0.5;
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);
  private static final long CLOSE_MILLIS = 10_000;

  private final CaptureQueue captures;
  private final Pace pace;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final RandomIds ids;
  private final BlockingQueue<ContractTicket> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final TicketList<ContractTicket> tickets = new TicketList<>(REMEMBERED_MAX, ContractTicket::id, ticket -> ticket.state().isOver());
  private final Thread thread;
  private volatile boolean closed;

  @SuppressWarnings("ThreadPriorityCheck") // a wish beside the pace: nothing relies on it
  public Contracts(CaptureQueue captures, InstantSource clock, LongSupplier nanoClock, Pace.Sleeper sleeper, RandomGenerator random) {
    this.captures = captures;
    this.pace = new Pace(SHARE, nanoClock, sleeper);
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.ids = new RandomIds(random);
    this.thread = Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).name("faultline-contracts").start(this::run);
  }

  /// Asks for a look; `of` says what was asked for.
  ///
  /// @return empty when too many wait
  Optional<ContractTicket> start(ObjectNode of, ContractTask task) {
    var ticket = new ContractTicket(ids.next("con_"), of, task, clock.instant());
    tickets.remember(ticket);
    if (closed || !waiting.offer(ticket)) {
      tickets.forget(ticket);
      return Optional.empty();
    }
    return Optional.of(ticket);
  }

  public Optional<ContractTicket> find(String id) {
    return tickets.find(id);
  }

  /// Newest first.
  public List<ContractTicket> list() {
    return tickets.newestFirst();
  }

  /// @return false when it was over already
  public boolean cancel(ContractTicket ticket) {
    return ticket.cancel();
  }

  public int waiting() {
    return waiting.size();
  }

  @Override
  public void close() {
    closed = true;
    waiting.clear();
    list().forEach(ContractTicket::cancel);
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        ContractTicket ticket = waiting.take();
        if (ticket.begin(nanoClock.getAsLong())) {
          run(ticket);
        }
      }
    } catch (InterruptedException e) {
      // the server is closing
      LOG.debug("looks at contracts end", e);
    }
  }

  private void run(ContractTicket ticket) throws InterruptedException {
    try {
      if (!captures.flush(FLUSH_MAX)) {
        LOG.warn("look {} begins without the latest captures, which are not stored after {}", ticket.id(), FLUSH_MAX);
      }
      ticket.done(ticket.task().run(new Paced(ticket)));
    } catch (CancelledTaskException e) {
      LOG.debug("look {} was taken back", ticket.id(), e);
      ticket.ended();
    } catch (TaskException | CaptureStoreException e) {
      LOG.warn("look {} at {} broke off", ticket.id(), ticket.head().path("of"), e);
      ticket.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a bug in Faultline itself: look {} at {} broke off", ticket.id(), ticket.head().path("of"), e);
      ticket.failed("a bug in Faultline itself: " + e + "; the log has the stack trace");
    }
  }

  /// What a task does between two steps is paid back by waiting.
  private final class Paced implements Work {
    private final ContractTicket ticket;
    private long sinceNanos = nanoClock.getAsLong();

    Paced(ContractTicket ticket) {
      this.ticket = ticket;
    }

    @Override
    public void expect(int requests) {
      ticket.expect(requests);
    }

    @Override
    public void step() throws InterruptedException {
      if (ticket.isCancelled()) {
        throw new CancelledTaskException();
      }
      pace.spend(nanoClock.getAsLong() - sinceNanos);
      pace.await(Long.MAX_VALUE);
      sinceNanos = nanoClock.getAsLong();
      ticket.step(sinceNanos);
    }
  }
}
