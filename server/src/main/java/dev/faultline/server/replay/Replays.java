package dev.faultline.server.replay;

import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Redactions;
import dev.faultline.server.replay.KeptRequests.Place;
import dev.faultline.server.ticket.RandomIds;
import dev.faultline.server.ticket.TicketList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Replays that somebody asked for: one at a time on a thread of their own, on copies of the versions, at the pace of background work.
///
/// Longer than most because the life of a replay is one story: asked for, waiting, running, kept.
public final class Replays implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  /// Replays that may wait.
  static final int WAITING_MAX = 16;
  /// Replays remembered with their results, the oldest that are over go first.
  static final int REMEMBERED_MAX = 20;
  /// How long one replay may run; what is left then is not run.
  static final Duration RUN_MAX = Duration.ofMinutes(10);
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);
  private static final long CLOSE_MILLIS = 10_000;

  private final KeptRequests requests;
  private final CaptureQueue captures;
  private final Replayer replayer;
  private final Redactions redactions;
  private final Pace pace;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final RandomIds ids;
  private final BlockingQueue<ReplayTicket> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final TicketList<ReplayTicket> tickets = new TicketList<>(REMEMBERED_MAX, ReplayTicket::id, ticket -> ticket.state().isOver());
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /// `replayer` is this one's alone, because it serves one thread.
  @SuppressWarnings("ThreadPriorityCheck") // a wish beside the pace: nothing relies on it
  public Replays(
      Keeper keeper,
      CaptureStore store,
      CaptureQueue captures,
      Redactions redactions,
      Replayer replayer,
      Pace pace,
      InstantSource clock,
      LongSupplier nanoClock,
      RandomGenerator random) {
    this.requests = new KeptRequests(keeper, store, replayer);
    this.captures = captures;
    this.replayer = replayer;
    this.redactions = redactions;
    this.pace = pace;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.ids = new RandomIds(random);
    this.thread = Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).name("faultline-replay").start(this::run);
  }

  /// Asks for a replay.
  ///
  /// @return empty when too many wait
  public Optional<ReplayTicket> start(ReplayOrder order) {
    var ticket = new ReplayTicket(ids.next("rep_"), order, clock.instant());
    tickets.remember(ticket);
    if (closed || !waiting.offer(ticket)) {
      tickets.forget(ticket);
      return Optional.empty();
    }
    return Optional.of(ticket);
  }

  /// The model of the newest request that an order asks for, empty when it failed before one was known.
  ///
  /// @return nothing when no such request is kept
  public Optional<String> findModel(ReplayOrder order) throws InterruptedException {
    captures.flush(FLUSH_MAX);
    return requests.list(order.ofNewest()).stream().findFirst().map(place -> place.version().model());
  }

  public Optional<ReplayTicket> find(String id) {
    return tickets.find(id);
  }

  /// Newest first.
  public List<ReplayTicket> list() {
    return tickets.newestFirst();
  }

  /// @return false when it was over already
  public boolean cancel(ReplayTicket ticket) {
    return ticket.cancel();
  }

  public int waiting() {
    return waiting.size();
  }

  /// Requests that were run again, by what became of them, since the start.
  public Map<String, LongAdder> counts() {
    return counts;
  }

  @Override
  public void close() {
    closed = true;
    waiting.clear();
    list().forEach(ReplayTicket::cancel);
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
        ReplayTicket ticket = waiting.take();
        if (ticket.begin(nanoClock.getAsLong())) {
          run(ticket);
        }
        if (waiting.isEmpty()) {
          replayer.close();
        }
      }
    } catch (InterruptedException e) {
      // the server is closing
      LOG.debug("replays end", e);
    } finally {
      replayer.close();
    }
  }

  private void run(ReplayTicket ticket) throws InterruptedException {
    try {
      replay(ticket);
      LOG.info("replay {} of {} {}: {}", ticket.id(), ticket.order().scope(), ticket.order().id(), ticket.head().path("totals"));
    } catch (CaptureStoreException e) {
      LOG.warn("replay {} of {} broke off", ticket.id(), ticket.order(), e);
      ticket.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a bug in Faultline itself: replay {} of {} broke off", ticket.id(), ticket.order(), e);
      ticket.failed("a bug in Faultline itself: " + e + "; the log has the stack trace");
    }
  }

  private void replay(ReplayTicket ticket) throws InterruptedException {
    if (!captures.flush(FLUSH_MAX)) {
      LOG.warn("replay {} begins without the latest captures, which are not stored after {}", ticket.id(), FLUSH_MAX);
    }
    long end = nanoClock.getAsLong() + RUN_MAX.toNanos();
    ReplayOrder order = ticket.order();
    List<Place> places = requests.list(order);
    ticket.found(places.size());
    var judge = new ReplayJudge(clock.instant());
    var rerun = new Rerun(order, replayer, redactions, pace, ticket::isCancelled, nanoClock, judge);
    for (Place place : places) {
      if (ticket.isCancelled()) {
        ticket.ended();
        return;
      }
      if (nanoClock.getAsLong() - end >= 0) {
        break;
      }
      one(ticket, place, rerun);
    }
    if (order.isJudged()) {
      ticket.judged(judge.document(clock.instant()));
    }
    ticket.done();
  }

  private void one(ReplayTicket ticket, Place place, Rerun rerun) throws InterruptedException {
    Optional<KeptRequest> request = requests.read(place, ticket.order());
    if (request.isEmpty()) {
      return;
    }
    ReplayResult result = rerun.of(request.get());
    if (ticket.isCancelled()) {
      // it was stopped because somebody took it back, which says nothing about the request
      return;
    }
    counts.computeIfAbsent(result.status().name().toLowerCase(Locale.ROOT), _ -> new LongAdder()).increment();
    ticket.add(result, nanoClock.getAsLong());
  }
}
