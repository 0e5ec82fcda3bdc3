package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.isolation.Bisection;
import dev.faultline.isolation.Bisector;
import dev.faultline.isolation.CancelledException;
import dev.faultline.isolation.Case;
import dev.faultline.isolation.Investigation;
import dev.faultline.isolation.Over;
import dev.faultline.isolation.Progress;
import dev.faultline.isolation.Tools;
import dev.faultline.isolation.Verdict;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import dev.faultline.server.keep.Redactions;
import dev.faultline.server.ticket.RandomIds;
import dev.faultline.server.ticket.TicketList;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's investigations: one at a time on a thread of their own, those asked for first. New groups, and groups that have grown
/// tenfold, come by themselves, and only they are held to a share of a core: who asks waits for the answer.
///
/// Longer than most because the life of an investigation is one story: asked for, waiting, running, kept.
public final class Investigations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Investigations.class);
  /// Investigations remembered, the oldest that are over go first.
  static final int REMEMBERED_MAX = 1_000;
  /// Groups whose growth is watched.
  static final int GROUPS_MAX = 2_000;
  /// How long a new group waits, so that its captures are on disk and more of them have come.
  private static final long SETTLE_NANOS = 1_500_000_000L;
  private static final Duration FLUSH_MAX = Duration.ofSeconds(5);
  private static final long CLOSE_MILLIS = 10_000;

  /// Whether groups are investigated by themselves, and what each investigation may spend unless it is told.
  public record Settings(boolean background, int replaysMax, long millisMax) {}

  private final Settings settings;
  private final Cases cases;
  private final Tools tools;
  private final CaptureQueue captures;
  private final Redactions redactions;
  private final Verdicts verdicts;
  private final Supplier<String> dataUri;
  private final InstantSource clock;
  private final RandomIds ids;
  private final InvestigationCounts counts = new InvestigationCounts();
  private final Waiting waiting = new Waiting();
  private final TicketList<Ticket> tickets = new TicketList<>(REMEMBERED_MAX, Ticket::id, ticket -> ticket.state().isOver());
  private final Map<String, Integer> seen = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
      return size() > GROUPS_MAX;
    }
  };
  private final List<Consumer<Ticket>> listeners = new CopyOnWriteArrayList<>();
  private final Consumer<Kept> watch = this::notice;
  private final Keeper keeper;
  private final Thread thread;

  /// `dataUri` is where requests go, known once the ports are open.
  public Investigations(
      Settings settings,
      Keeper keeper,
      FaultGroups groups,
      CaptureStore store,
      CaptureQueue captures,
      Redactions redactions,
      Verdicts verdicts,
      Agreements agreements,
      Tools tools,
      Supplier<String> dataUri,
      InstantSource clock,
      RandomGenerator random) {
    this.settings = settings;
    this.keeper = keeper;
    this.cases = new Cases(keeper, groups, store, tools.replayer(), agreements);
    this.tools = tools;
    this.captures = captures;
    this.redactions = redactions;
    this.verdicts = verdicts;
    this.dataUri = dataUri;
    this.clock = clock;
    this.ids = new RandomIds(random);
    if (settings.background()) {
      keeper.listen(watch);
    }
    this.thread = Thread.ofPlatform().daemon().name("faultline-investigate").start(this::run);
  }

  public Settings settings() {
    return settings;
  }

  public InvestigationCounts counts() {
    return counts;
  }

  public int waiting() {
    return waiting.size();
  }

  /// Whether there is such a fault.
  public boolean knows(String fault) {
    return cases.exists(fault);
  }

  /// Asks for an investigation of a fault, or of a group's latest when `fault` is empty: of all that can be found out, or of one thing.
  ///
  /// @return empty when too many wait
  public Optional<Ticket> start(String fault, String group, Optional<Over> over, int replaysMax, long millisMax) {
    var ticket = new Ticket(ids.next("inv_"), new Ticket.Subject(fault, group), Ticket.Origin.CALLER, over, replaysMax, millisMax, clock.instant());
    tickets.remember(ticket);
    if (!waiting.offer(ticket)) {
      tickets.forget(ticket);
      return Optional.empty();
    }
    tell(ticket);
    return Optional.of(ticket);
  }

  /// Asks for all that can be found out.
  ///
  /// @return empty when too many wait
  public Optional<Ticket> start(String fault, String group, int replaysMax, long millisMax) {
    return start(fault, group, Optional.empty(), replaysMax, millisMax);
  }

  public Optional<Ticket> find(String id) {
    return tickets.find(id);
  }

  /// Newest first.
  public List<Ticket> list() {
    return tickets.newestFirst();
  }

  /// @return false when it was over already
  public boolean cancel(Ticket ticket) {
    boolean cancelled = ticket.cancel();
    tell(ticket);
    return cancelled;
  }

  /// `listener` hears of every change of an investigation; it must not wait.
  public void listen(Consumer<Ticket> listener) {
    listeners.add(listener);
  }

  public void forget(Consumer<Ticket> listener) {
    listeners.remove(listener);
  }

  @Override
  public void close() {
    keeper.forget(watch);
    waiting.close();
    list().forEach(Ticket::cancel);
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// On the thread of a request: counts, and now and then puts a group in the queue.
  private void notice(Kept kept) {
    String group = kept.context().group();
    int count;
    synchronized (seen) {
      count = seen.merge(group, 1, Integer::sum);
    }
    if (count == 1 || count == 10 || count == 100 || count == 1_000) {
      var ticket = new Ticket(
          ids.next("inv_"), new Ticket.Subject("", group), Ticket.Origin.BACKGROUND, Optional.empty(), settings.replaysMax(), settings.millisMax(), clock.instant());
      tickets.remember(ticket);
      if (!waiting.offer(ticket, System.nanoTime() + SETTLE_NANOS)) {
        tickets.forget(ticket);
        counts.passOver();
      }
    }
  }

  private void run() {
    try {
      for (Optional<Ticket> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        Ticket ticket = next.get();
        if (ticket.begin()) {
          tell(ticket);
          run(ticket);
          tell(ticket);
        }
      }
    } catch (InterruptedException e) {
      // nobody interrupts this thread but a foreign library; without it nothing is investigated any more
      LOG.error("investigations end: their thread was interrupted", e);
    } finally {
      tools.replayer().close();
    }
  }

  private void run(Ticket ticket) {
    long start = System.nanoTime();
    String result = "failed";
    try {
      result = investigate(ticket);
    } catch (CancelledException e) {
      ticket.ended();
      result = "cancelled";
    } catch (NoSuchFaultException | CaptureStoreException e) {
      LOG.warn("investigation {} of {} ended without a verdict", ticket.id(), ticket.subject(), e);
      ticket.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a bug in Faultline itself: investigation {} of {} broke off", ticket.id(), ticket.subject(), e);
      ticket.failed("a bug in Faultline itself: " + e + "; the log has the stack trace");
    } finally {
      // the next investigation begins on copies that have served nothing
      tools.replayer().close();
      counts.ended(result, ticket.replays(), System.nanoTime() - start);
    }
  }

  /// @return how it ended, for the counts
  private String investigate(Ticket ticket) throws NoSuchFaultException {
    // what came before the fault is what it is compared with: it must be on disk
    if (!captures.flush(FLUSH_MAX)) {
      LOG.warn("investigation {} begins without the latest captures, which are not stored after {}", ticket.id(), FLUSH_MAX);
    }
    Ticket.Subject subject = ticket.subject();
    String fault = subject.fault().isEmpty() ? cases.faultOf(subject.group()).orElse("") : subject.fault();
    Case about = cases.of(fault).orElseThrow(() -> new NoSuchFaultException("no request of " + (subject.fault().isEmpty() ? subject.group() : fault) + " is kept any more"));
    var budget = new Budget(ticket.replaysMax(), ticket.millisMax(), tools.nanoClock());
    Tools paced = ticket.origin() == Ticket.Origin.CALLER ? tools.at(Pace.unlimited(tools.nanoClock())) : tools;
    return switch (ticket.over().orElse(Over.INPUT)) {
      case VERSIONS -> bisected(ticket, about, new Bisector(about, paced, budget, ticket::isCancelled, progress -> progress(ticket, progress)).versions());
      case ORT -> bisected(ticket, about, new Bisector(about, paced, budget, ticket::isCancelled, progress -> progress(ticket, progress)).optimizations());
      case INPUT, NODE -> whole(ticket, about, paced, budget);
    };
  }

  private String bisected(Ticket ticket, Case about, Bisection found) {
    ticket.bisected(BisectionDocument.of(found, about.faultId(), about.group()));
    LOG.info("{} {}: bisected over {}: {} ({} replays, {} ms)", about.group(), about.faultId(), found.over(), found.summary(), found.replays(), found.millis());
    return "bisected";
  }

  private String whole(Ticket ticket, Case about, Tools paced, Budget budget) {
    String fault = about.faultId();
    Verdict verdict = new Investigation(about, paced, budget, ticket::isCancelled, progress -> progress(ticket, progress)).run();
    ObjectNode document = new VerdictDocument(redactions.of(about.failing().version())).of(ids.next("ver_"), fault, about.group(), verdict, dataUri.get());
    verdicts.keep(document);
    ticket.over().ifPresentOrElse(over -> ticket.bisected(BisectionDocument.of(over, document)), () -> ticket.done(document));
    LOG.info("{} {}: {} {}, {} ({} replays, {} ms)", about.group(), fault, verdict.claim().confidence(), verdict.claim().cause(),
        document.path("summary").asText(), verdict.replays(), verdict.millis());
    return verdict.claim().confidence().name().toLowerCase(Locale.ROOT);
  }

  /// What was to be investigated is gone.
  private static final class NoSuchFaultException extends Exception {
    NoSuchFaultException(String message) {
      super(message);
    }
  }

  private void progress(Ticket ticket, Progress now) {
    ticket.progress(now);
    tell(ticket);
  }

  private void tell(Ticket ticket) {
    listeners.forEach(listener -> listener.accept(ticket));
  }
}
