package dev.faultline.serving.batch;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.serving.backend.Admission;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.current.CurrentRequest.Tag;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Hold;
import dev.faultline.serving.backend.Lanes;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Joins requests to one model version into batches: those of equal type and shape, until a batch is full, of a preferred size, or its
/// oldest request has waited `max_delay`, and a lane is free.
///
/// What cannot share a batch goes to a lane by itself: inputs that are not laid out by row, requests as large as a batch, and inputs
/// that made a batch fail lately. A model whose rows turn out to interact gets no batches any more.
///
/// One thread forms the batches; each runs on a thread of its own. One lock guards who waits.
public final class Batcher implements Admission, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);

  /// Batches of real requests that are compared with their requests alone.
  private static final int TRIALS = 3;

  private final String name;
  private final Batching terms;
  private final LoadedModel model;
  private final Lanes lanes;
  private final LongSupplier clock;
  private final Waiting waiting;
  private final PoisonRegister poisons;
  private final BatchCounts counts = new BatchCounts();
  private final BatchRun run;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<BatchKey, Group> groups = new LinkedHashMap<>();
  private int members;
  private int rows;
  private long turns;
  private int trials = TRIALS;
  private volatile BatchStanding standing;
  private @Nullable Thread forming;

  /// `name` names the threads. Without batches all requests pass straight to the lanes.
  public Batcher(String name, Batching terms, LoadedModel model, Lanes lanes, LongSupplier nanoClock) {
    this.name = name;
    this.terms = terms;
    this.model = model;
    this.lanes = lanes;
    this.clock = nanoClock;
    this.waiting = new Waiting(lanes.limits(), nanoClock);
    this.poisons = new PoisonRegister(nanoClock);
    this.run = new BatchRun(this, new BatchCalls(model, lanes), counts);
    this.standing = BatchStanding.OFF;
  }

  /// Finds out whether the model's rows are independent, and begins to form batches if they are. Runs the model.
  public void open() {
    if (!terms.isOn()) {
      return;
    }
    Optional<String> objection = RowProbe.forbiddenBy(model.inputs(), model.outputs()).or(() -> new RowProbe(model, lanes, clock.getAsLong()).interaction());
    if (objection.isPresent()) {
      refuse(objection.get());
      return;
    }
    standing = BatchStanding.on(terms.rowsMax());
    forming = Thread.ofVirtual().name("batcher-" + name).start(this::form);
  }

  @Override
  public Place admit(Ask ask) {
    BatchStanding now = standing;
    if (!now.isOn() || BatchKey.rows(ask.inputs()) >= now.rowsMax() || poisons.knows(ask.inputs())) {
      return lanes.admit(ask);
    }
    Optional<BatchKey> key = BatchKey.of(ask.inputs());
    return key.isPresent() ? admit(ask, key.get()) : lanes.admit(ask);
  }

  public BatchStanding standing() {
    return standing;
  }

  public Batching terms() {
    return terms;
  }

  public BatchCounts counts() {
    return counts;
  }

  /// Inputs that run by themselves because they made a batch fail.
  public int poisons() {
    return poisons.size();
  }

  /// Requests that wait for a batch.
  public int waiting() {
    lock.lock();
    try {
      return members;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    Thread thread = forming;
    if (thread != null) {
      thread.interrupt();
    }
  }

  void poison(Member member) {
    poisons.add(member.inputs());
  }

  /// Larger batches than this do not work.
  void shrink(int rowsMax, String reason) {
    if (rowsMax < 2) {
      refuse(reason);
    } else if (rowsMax < standing.rowsMax()) {
      standing = BatchStanding.on(rowsMax);
      LOG.warn("batches of {} hold at most {} rows from now on: {}", name, rowsMax, reason);
    }
  }

  void refuse(String reason) {
    standing = BatchStanding.refused(reason);
    LOG.warn("requests to {} are not joined into batches: {}", name, reason);
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isOnTrial() {
    lock.lock();
    try {
      return trials > 0;
    } finally {
      lock.unlock();
    }
  }

  void trialPassed() {
    lock.lock();
    try {
      trials = Math.max(0, trials - 1);
    } finally {
      lock.unlock();
    }
  }

  private Place admit(Ask ask, BatchKey key) {
    Member member = join(ask, key);
    waiting.await(ask, member::isWaiting, () -> left(member), lanes::retryAfterSeconds);
    member.requireStarted();
    return new BatchPlace(member, clock);
  }

  private Member join(Ask ask, BatchKey key) {
    lock.lock();
    try {
      requireRoom(ask);
      var member = new Member(ask, key, Lanes.level(ask.priority()), turns++, clock.getAsLong());
      groups.computeIfAbsent(key, _ -> new Group()).add(member);
      members++;
      rows += member.rows;
      changed.signal();
      return member;
    } finally {
      lock.unlock();
    }
  }

  private void requireRoom(Ask ask) {
    int capacity = Math.max(1, lanes.limits().queueCapacityMax());
    if (members >= capacity) {
      throw new FaultException(new QueueFault.Full(members, capacity, lanes.retryAfterSeconds()));
    }
    int batchesAhead = rows / standing.rowsMax();
    double expected = lanes.meanRunNanos().map(mean -> batchesAhead * mean / lanes.limits().instances()).orElse(0.0);
    waiting.requireTime(ask, members, expected, lanes::retryAfterSeconds);
  }

  private boolean left(Member member) {
    lock.lock();
    try {
      Group group = groups.get(member.key);
      boolean there = group != null && group.remove(member);
      if (there) {
        dropped(member.key, List.of(member));
      }
      return there;
    } finally {
      lock.unlock();
    }
  }

  /// The forming thread: until it is interrupted.
  private void form() {
    try {
      while (true) {
        int level = awaitReady();
        try {
          start(lanes.reserve(level));
        } catch (FaultException e) {
          refuseAll(e);
        }
      }
    } catch (InterruptedException e) {
      // the version is retired
    }
  }

  private int awaitReady() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = clock.getAsLong();
        long rest = groups.values().stream().mapToLong(group -> rest(group, now)).min().orElse(Long.MAX_VALUE);
        if (rest <= 0) {
          return ready(now).map(group -> group.first().level).orElseThrow();
        }
        var _ = changed.awaitNanos(rest);
      }
    } finally {
      lock.unlock();
    }
  }

  private long rest(Group group, long now) {
    return group.nanosUntilReady(now, standing.rowsMax(), terms);
  }

  /// The group whose turn it is among those that are ready.
  private Optional<Group> ready(long now) {
    return groups.values().stream().filter(group -> rest(group, now) <= 0).min((a, b) -> Group.ORDER.compare(a.first(), b.first()));
  }

  private void start(Hold hold) {
    List<Member> batch = take();
    if (batch.isEmpty()) {
      lanes.giveUp(hold);
      return;
    }
    var _ = CompletableFuture.runAsync(() -> CurrentRequest.during(Tag.of(BatchCalls.callers(batch)), () -> run.run(hold, batch)), task -> Thread.ofVirtual().name("batch-" + name).start(task))
        .whenComplete((_, thrown) -> batch.forEach(member -> finish(member, thrown)));
  }

  /// Everybody has an answer by now, unless something was thrown that should not be.
  private static void finish(Member member, @Nullable Throwable thrown) {
    member.answer.completeExceptionally(thrown == null ? new IllegalStateException("a batch ended without an answer for one of its requests") : thrown);
  }

  private List<Member> take() {
    lock.lock();
    try {
      Optional<Group> group = ready(clock.getAsLong());
      if (group.isEmpty()) {
        return List.of();
      }
      BatchKey key = group.get().first().key;
      List<Member> batch = group.get().take(standing.rowsMax(), terms);
      dropped(key, batch);
      seat(batch);
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static void seat(List<Member> batch) {
    int total = batch.stream().mapToInt(member -> member.rows).sum();
    int first = 0;
    for (Member member : batch) {
      member.start(new dev.faultline.request.BatchSeat(batch.size(), total, first, member.rows));
      first += member.rows;
    }
  }

  private void refuseAll(FaultException why) {
    lock.lock();
    try {
      for (var group : List.copyOf(groups.entrySet())) {
        var all = new ArrayList<>(group.getValue().members());
        all.forEach(group.getValue()::remove);
        dropped(group.getKey(), all);
        all.forEach(member -> member.refuse(why));
      }
    } finally {
      lock.unlock();
    }
  }

  private void dropped(BatchKey key, List<Member> gone) {
    members -= gone.size();
    rows -= gone.stream().mapToInt(member -> member.rows).sum();
    Group group = groups.get(key);
    if (group != null && group.isEmpty()) {
      groups.remove(key);
    }
  }
}
