package dev.faultline.server.compare;

import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.server.keep.Redactions;
import dev.faultline.server.ticket.RandomIds;
import dev.faultline.server.ticket.TicketList;
import dev.faultline.serving.model.ModelRepository;
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

/// Comparisons that somebody asked for: one at a time, on a thread of their own at the lowest priority. They read captures and run nothing.
///
/// Longer than most because the life of a comparison is one story: asked for, waiting, running, kept.
public final class Comparisons implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Comparisons.class);
  /// Requests of each side that are read unless another number is asked for, and at most.
  public static final int LIMIT_DEFAULT = 2_000;
  public static final int LIMIT_MAX = 10_000;
  /// Comparisons that may wait.
  static final int WAITING_MAX = 16;
  /// Comparisons remembered with what they found, the oldest that are over go first.
  static final int REMEMBERED_MAX = 20;
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);
  private static final long CLOSE_MILLIS = 10_000;

  private final SelectionReader reader;
  private final CaptureStore store;
  private final CaptureQueue captures;
  private final ModelRepository models;
  private final Redactions redactions;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final RandomGenerator random;
  private final RandomIds ids;
  private final BlockingQueue<ComparisonTicket> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final TicketList<ComparisonTicket> tickets = new TicketList<>(REMEMBERED_MAX, ComparisonTicket::id, ticket -> ticket.state().isOver());
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  @SuppressWarnings("ThreadPriorityCheck") // a wish: nothing relies on it
  public Comparisons(
      FaultGroups groups,
      CaptureStore store,
      CaptureQueue captures,
      ModelRepository models,
      Redactions redactions,
      InstantSource clock,
      LongSupplier nanoClock,
      RandomGenerator random) {
    this.reader = new SelectionReader(groups, models, store, clock);
    this.store = store;
    this.captures = captures;
    this.models = models;
    this.redactions = redactions;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.random = random;
    this.ids = new RandomIds(random);
    this.thread = Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).name("faultline-compare").start(this::run);
  }

  /// Asks for a comparison. An empty `baseline` means what is natural: what passed, for failures; what else there is, for others.
  ///
  /// @return empty when too many wait
  /// @throws SelectionException when a selection cannot be read, or names what there is not
  public Optional<ComparisonTicket> start(String selection, String baseline, int limit) throws SelectionException {
    captures.flush(FLUSH_MAX);
    var ticket = new ComparisonTicket(ids.next("cmp_"), order(selection, baseline.strip(), limit), clock.instant());
    tickets.remember(ticket);
    if (closed || !waiting.offer(ticket)) {
      tickets.forget(ticket);
      return Optional.empty();
    }
    return Optional.of(ticket);
  }

  private ComparisonOrder order(String selection, String baseline, int limit) throws SelectionException {
    Selection selected = reader.read(selection);
    if (baseline.isEmpty()) {
      return new ComparisonOrder(selected, reader.baseline(selected), false, limit);
    }
    return new ComparisonOrder(selected, baseline.equals(SelectionReader.REST) ? reader.rest(selected) : reader.read(baseline), true, limit);
  }

  public Optional<ComparisonTicket> find(String id) {
    return tickets.find(id);
  }

  /// Newest first.
  public List<ComparisonTicket> list() {
    return tickets.newestFirst();
  }

  /// @return false when it was over already
  public boolean cancel(ComparisonTicket ticket) {
    return ticket.cancel();
  }

  public int waiting() {
    return waiting.size();
  }

  /// Comparisons by what they said, since the start.
  public Map<String, LongAdder> counts() {
    return counts;
  }

  @Override
  public void close() {
    closed = true;
    waiting.clear();
    list().forEach(ComparisonTicket::cancel);
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
        ComparisonTicket ticket = waiting.take();
        if (ticket.begin(nanoClock.getAsLong())) {
          count(run(ticket));
        }
      }
    } catch (InterruptedException e) {
      // the server is closing
      LOG.debug("comparisons end", e);
    }
  }

  private void count(String result) {
    counts.computeIfAbsent(result, _ -> new LongAdder()).increment();
  }

  private String run(ComparisonTicket ticket) {
    try {
      return compare(ticket);
    } catch (CaptureStoreException e) {
      LOG.warn("comparison {} of {} broke off", ticket.id(), ticket.order(), e);
      ticket.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a bug in Faultline itself: comparison {} of {} broke off", ticket.id(), ticket.order(), e);
      ticket.failed("a bug in Faultline itself: " + e + "; the log has the stack trace");
    }
    return "failed";
  }

  private String compare(ComparisonTicket ticket) {
    var gathering = new Gathering(store, models, ticket::isCancelled);
    var assessment = new Assessment(ticket.order(), gathering, redactions, random);
    ComparisonFinding finding = assessment.run((selected, baseline) -> ticket.read(selected, baseline, nanoClock.getAsLong()));
    if (ticket.isCancelled()) {
      ticket.ended();
      return "cancelled";
    }
    ticket.done(finding, nanoClock.getAsLong());
    LOG.info("comparison {} of {} with {}: {}", ticket.id(), ticket.order().selection().text(), ticket.order().baseline().text(), finding.answer());
    return finding.answer().name().toLowerCase(Locale.ROOT);
  }
}
