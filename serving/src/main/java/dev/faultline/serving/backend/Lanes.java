package dev.faultline.serving.backend;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.WaitLine.Standing;
import dev.faultline.serving.backend.WaitLine.Waiter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The platform threads on which one model version runs, and the bounded queue before them.
///
/// A native call holds its thread, so requests on virtual threads hop to a lane. A place is given back only when the native call has
/// returned. A run that was stopped and is not back after the grace period loses its lane: another takes its place at once, and the old
/// thread ends when the engine lets go of it. So `instances` live lanes are never exceeded, and at most `lostLanesMax` threads more
/// exist; when those are used up, a lane that is stuck stays stuck, and when all are, requests are refused.
///
/// One lock guards who is inside. The file is longer than most because every change of these few numbers stands here.
public final class Lanes implements Admission, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
  private static final long IDLE_SECONDS = 30;
  private static final int RETRY_AFTER_SECONDS_MAX = 30;

  private final String name;
  private final Limits limits;
  private final LongSupplier clock;
  private final ThreadPoolExecutor threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final WaitLine line = new WaitLine();
  private final Waiting waiting;
  private final RunTimes times = new RunTimes();
  private final Optional<AdaptiveLimit> adaptive;

  /// One for each thread that the engine holds.
  private final Map<Thread, LaneRun> runs = new ConcurrentHashMap<>();

  /// Places given out on lanes that count, those stuck included.
  private int live;

  /// Threads beyond `instances` that the engine still holds.
  private int lost;

  /// Overdue runs whose lane could not be replaced any more.
  private int stuck;

  private long losses;
  private @Nullable Runnable whenIdle;

  /// `name` names the threads.
  public Lanes(String name, Limits limits, LongSupplier nanoClock) {
    this.name = name;
    this.limits = limits;
    this.clock = nanoClock;
    this.waiting = new Waiting(limits, nanoClock);
    this.adaptive = AdaptiveLimit.of(limits);
    int threadsMax = limits.instances() + limits.lostLanesMax();
    this.threads = new ThreadPoolExecutor(
        limits.instances(),
        threadsMax,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(threadsMax),
        Thread.ofPlatform().daemon().name("lane-" + name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// QUEUE: waits for a place.
  ///
  /// @throws FaultException `queue.full`, `queue.too_late`, `queue.lanes_lost`, `queue.timeout`, `queue.deadline` or `queue.cancelled`
  @Override
  public Place admit(Ask ask) {
    long since = adaptive.isPresent() ? clock.getAsLong() : 0;
    Waiter waiter = enter(Optional.of(ask), WaitLine.level(ask.priority()));
    if (waiter != null) {
      waiting.await(ask, () -> waiter.standing == Standing.WAITING, () -> left(waiter), this::retryAfterSeconds);
      requireGranted(waiter);
    }
    return new LanePlace(this, ask.deadline(), ask.cancellation(), limits.inferTimeoutMillis(), new Hold(since));
  }

  /// Waits for a lane on behalf of requests that wait elsewhere, in the line of those who ask with `level`.
  ///
  /// @throws FaultException `queue.lanes_lost`
  public Hold reserve(int level) throws InterruptedException {
    Waiter waiter = enter(Optional.empty(), level);
    while (waiter != null && waiter.standing == Standing.WAITING) {
      LockSupport.park(this);
      if (Thread.interrupted() && left(waiter)) {
        throw new InterruptedException();
      }
    }
    requireGranted(waiter);
    return new Hold(0);
  }

  /// The same before everybody who waits, for a run that finishes what was let in already.
  public Hold reserveFront() {
    Waiter waiter = enter(Optional.empty(), WaitLine.FRONT);
    while (waiter != null && waiter.standing == Standing.WAITING) {
      LockSupport.park(this);
    }
    requireGranted(waiter);
    return new Hold(0);
  }

  /// The place for one run on a reserved lane.
  public Place place(Hold hold, Deadline deadline, Cancellation cancellation) {
    return place(hold, deadline, cancellation, limits.inferTimeoutMillis());
  }

  /// The same with a shorter limit.
  public Place place(Hold hold, Deadline deadline, Cancellation cancellation, long limitMillis) {
    return new LanePlace(this, deadline, cancellation, limitMillis, hold);
  }

  /// Gives back a lane on which nothing ran.
  public void giveUp(Hold hold) {
    var _ = giveBack(hold, 0, true);
  }

  /// The place in line that a request's priority stands for.
  public static int level(int priority) {
    return WaitLine.level(priority);
  }

  /// When it may be worth asking again: about when those who wait now will have been served.
  public int retryAfterSeconds() {
    return counted(this::retryAfter);
  }

  /// Requests that wait.
  public int waiting() {
    return counted(line::requests);
  }

  /// Requests that run on lanes that count: at most `instances`.
  public int running() {
    return counted(() -> live);
  }

  /// Runs that were stopped and have not come back although their grace period is over.
  public int lost() {
    return counted(() -> lost + stuck);
  }

  /// How often a lane was lost.
  public long losses() {
    lock.lock();
    try {
      return losses;
    } finally {
      lock.unlock();
    }
  }

  /// How many requests may be inside now by the adaptive limit; empty without one.
  public Optional<Integer> adaptiveLimit() {
    lock.lock();
    try {
      return adaptive.map(AdaptiveLimit::now);
    } finally {
      lock.unlock();
    }
  }

  /// How long a run takes by recent experience, in nanoseconds; empty until there is some.
  public Optional<Double> meanRunNanos() {
    lock.lock();
    try {
      return times.meanNanos();
    } finally {
      lock.unlock();
    }
  }

  public Limits limits() {
    return limits;
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /// Runs `action` once no run is under way, not even a lost one, and takes no more runs: a run that was stopped may come back long after
  /// its request.
  public void whenIdle(Runnable action) {
    lock.lock();
    try {
      whenIdle = action;
      retireIfIdle();
    } finally {
      lock.unlock();
    }
  }

  /// What the lanes are busy with now, in no order.
  public List<LaneRun> runs() {
    return List.copyOf(runs.values());
  }

  /// Runs on the calling lane and lets others see for whom.
  <T> T busy(String caller, Supplier<T> run) {
    Thread lane = Thread.currentThread();
    runs.put(lane, new LaneRun(lane, caller, clock.getAsLong()));
    try {
      return run.get();
    } finally {
      runs.remove(lane);
    }
  }

  void execute(Runnable run) {
    threads.execute(run);
  }

  LongSupplier clock() {
    return clock;
  }

  /// The engine has returned, or never ran.
  ///
  /// @param spoiled the run says nothing about how long runs take
  /// @return whether its lane had been lost
  boolean giveBack(Hold hold, long ranNanos, boolean spoiled) {
    lock.lock();
    try {
      hold.returned = true;
      if (hold.overdue && stuck == 0) {
        lost--;
        threads.setCorePoolSize(limits.instances() + lost);
      } else {
        // a thread that came back makes up for one that is stuck: that one is lost from now on, and its lane replaced
        stuck -= hold.overdue ? 1 : 0;
        live--;
      }
      if (!spoiled) {
        times.add(ranNanos);
        learn(hold);
      }
      grant();
      retireIfIdle();
      return hold.overdue;
    } finally {
      lock.unlock();
    }
  }

  /// The grace period of a stopped run is over.
  void lose(Hold hold) {
    lock.lock();
    try {
      if (hold.returned) {
        return;
      }
      hold.overdue = true;
      losses++;
      if (lost < limits.lostLanesMax()) {
        lost++;
        live--;
        threads.setCorePoolSize(limits.instances() + lost);
        grant();
      } else {
        stuck++;
        refuseIfAllStuck();
      }
      LOG.warn("a lane of {} is lost: its run was stopped and has not come back after {} ms; {} lost now, {} lanes left", name, limits.stopGraceMillis(), lost + stuck, limits.instances() - stuck);
    } finally {
      lock.unlock();
    }
  }

  /// In at once, which is null, or in line.
  private @Nullable Waiter enter(Optional<Ask> ask, int level) {
    lock.lock();
    try {
      if (stuck >= limits.instances()) {
        throw lanesLost();
      }
      if (ask.isPresent() && adaptive.isPresent()) {
        requireBelow(adaptive.get());
      }
      if (line.isEmpty() && live < limits.instances()) {
        live++;
        return null;
      }
      ask.ifPresent(request -> requireRoom(request, level));
      return line.join(level, ask.isPresent());
    } finally {
      lock.unlock();
    }
  }

  private void requireBelow(AdaptiveLimit most) {
    int inside = live + line.requests();
    if (inside >= most.now()) {
      throw new FaultException(new QueueFault.Limited(inside, most.now(), most.algorithm(), retryAfter()));
    }
  }

  private void requireRoom(Ask ask, int level) {
    int waits = line.requests();
    if (waits >= limits.queueCapacityMax()) {
      throw new FaultException(new QueueFault.Full(waits, limits.queueCapacityMax(), retryAfter()));
    }
    int ahead = line.ahead(level);
    double expected = times.meanNanos().map(mean -> ahead * mean / limits.instances()).orElse(0.0);
    waiting.requireTime(ask, ahead, expected, this::retryAfter);
  }

  private int retryAfter() {
    double seconds = times.meanNanos().map(mean -> Math.ceil(line.requests() * mean / limits.instances() / 1e9)).orElse(1.0);
    return (int) Math.clamp(seconds, 1, RETRY_AFTER_SECONDS_MAX);
  }

  private FaultException lanesLost() {
    return new FaultException(new QueueFault.LanesLost(counted(() -> lost + stuck), limits.lostLanesMax(), 1));
  }

  private void requireGranted(@Nullable Waiter waiter) {
    if (waiter != null && waiter.standing == Standing.REFUSED) {
      throw lanesLost();
    }
  }

  private void learn(Hold hold) {
    if (hold.sinceNanos != 0 && adaptive.isPresent()) {
      adaptive.get().served((double) Math.max(1, clock.getAsLong() - hold.sinceNanos), live + line.requests() + 1);
    }
  }

  /// Leaves the line, unless the place came in the same moment.
  private boolean left(Waiter waiter) {
    lock.lock();
    try {
      boolean waits = waiter.standing == Standing.WAITING;
      if (waits) {
        line.leave(waiter);
      }
      return waits;
    } finally {
      lock.unlock();
    }
  }

  private void grant() {
    while (live < limits.instances()) {
      Optional<Waiter> next = line.next();
      if (next.isEmpty()) {
        return;
      }
      live++;
      tell(next.get(), Standing.GRANTED);
    }
  }

  private void refuseIfAllStuck() {
    while (stuck >= limits.instances()) {
      Optional<Waiter> next = line.next();
      if (next.isEmpty()) {
        return;
      }
      tell(next.get(), Standing.REFUSED);
    }
  }

  private static void tell(Waiter waiter, Standing standing) {
    waiter.standing = standing;
    LockSupport.unpark(waiter.thread);
  }

  private void retireIfIdle() {
    Runnable action = whenIdle;
    if (action != null && live == 0 && lost == 0) {
      whenIdle = null;
      Thread.ofVirtual().name("retire").start(() -> {
        action.run();
        close();
      });
    }
  }

  private int counted(java.util.function.IntSupplier count) {
    lock.lock();
    try {
      return count.getAsInt();
    } finally {
      lock.unlock();
    }
  }
}
