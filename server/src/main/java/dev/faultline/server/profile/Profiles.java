package dev.faultline.server.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.profile.Sampler.Taken;
import dev.faultline.server.profile.StageTimes.Times;
import dev.faultline.server.profile.StageTimes.Window;
import dev.faultline.server.ticket.RandomIds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's profiles: one at a time on a thread of its own, kept in the data folder within bounds.
///
/// Longer than most because the life of a profile is one story: asked for, sampling, told, kept.
public final class Profiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Profiles.class);
  public static final int SECONDS_MAX = 300;
  private static final long CLOSE_MILLIS = 10_000;

  /// How a profile stands. `FAILED` has an `error`.
  public enum State {
    RUNNING,
    DONE,
    FAILED
  }

  /// What becomes of a wish.
  public sealed interface Answer {
    record Started(ObjectNode document) implements Answer {}

    /// Another is running.
    record Busy(String id) implements Answer {}
  }

  /// What is done on the profiles' thread: it puts what it finds into the document.
  @FunctionalInterface
  public interface Work {
    void fill(String id, ObjectNode document, Ending ending) throws IOException, ProfileException, InterruptedException;
  }

  /// Whether somebody wants the profile to end with what it has.
  @FunctionalInterface
  public interface Ending {
    boolean isWanted();
  }

  private record Running(String id, Thread thread, CountDownLatch ending) {}

  private final ProfileFolder folder;
  private final Samplers samplers;
  private final StageTimes times;
  private final Function<Wish, List<String>> notes;
  private final InstantSource clock;
  private final RandomIds ids;
  private final Map<State, LongAdder> ended = new EnumMap<>(State.class);
  private @Nullable Running running;
  private boolean closed;

  /// `notes` says what a reader of a profile must know about the models in it.
  Profiles(ProfileFolder folder, Samplers samplers, StageTimes times, Function<Wish, List<String>> notes, InstantSource clock, RandomGenerator random) {
    this.folder = folder;
    this.samplers = samplers;
    this.times = times;
    this.notes = notes;
    this.clock = clock;
    this.ids = new RandomIds(random);
    for (State state : State.values()) {
      ended.put(state, new LongAdder());
    }
  }

  /// Starts a profile unless one runs.
  public Answer start(Wish wish) {
    return start(wish::document, ending -> (id, document, _) -> take(id, wish, document, ending));
  }

  /// Starts work that is kept as a profile unless one runs. `head` makes the document that it begins with, for its id.
  public Answer start(Function<String, ObjectNode> head, Work work) {
    return start(head, _ -> work);
  }

  private synchronized Answer start(Function<String, ObjectNode> head, Function<CountDownLatch, Work> work) {
    Running now = running;
    if (now != null || closed) {
      return new Answer.Busy(now == null ? "" : now.id());
    }
    String id = ids.next("prf_");
    var ending = new CountDownLatch(1);
    ObjectNode document = head.apply(id).put("state", State.RUNNING.name()).put("started_at", clock.instant().toString());
    folder.note(id, document.deepCopy());
    Thread thread = Thread.ofPlatform().daemon().name("faultline-profile").unstarted(() -> run(id, work.apply(ending), document.deepCopy(), ending));
    running = new Running(id, thread, ending);
    thread.start();
    return new Answer.Started(document);
  }

  public Optional<ObjectNode> find(String id) {
    return folder.find(id);
  }

  /// The newest first.
  public List<ObjectNode> list() {
    return folder.list();
  }

  /// Those of a fault group, by id, the newest first.
  public List<String> ofGroup(String group) {
    return list().stream().filter(document -> document.path("group").asText("").equals(group)).map(document -> document.path("id").asText()).toList();
  }

  /// The flame graph, as a page.
  public Optional<byte[]> flamegraph(String id) throws IOException {
    return folder.part(id, ProfileFolder.Part.FLAMEGRAPH);
  }

  /// The stacks, collapsed to a line each.
  public Optional<byte[]> collapsed(String id) throws IOException {
    return folder.part(id, ProfileFolder.Part.COLLAPSED);
  }

  /// The recording in Java Flight Recorder's format, where there is one.
  public Optional<byte[]> recording(String id) throws IOException {
    return folder.part(id, ProfileFolder.Part.RECORDING);
  }

  /// How many profiles ended as `DONE` or `FAILED`.
  public long ended(State state) {
    return Objects.requireNonNull(ended.get(state)).sum();
  }

  public synchronized boolean isRunning() {
    return running != null;
  }

  /// Bytes of what is kept.
  public long keptBytes() {
    return folder.bytes();
  }

  /// Ends one that runs, with what it has.
  @Override
  public void close() {
    Running last;
    synchronized (this) {
      closed = true;
      last = running;
    }
    if (last != null) {
      last.ending().countDown();
      try {
        last.thread().join(CLOSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(String id, Work work, ObjectNode document, CountDownLatch ending) {
    State state = State.FAILED;
    try {
      folder.make(id);
      work.fill(id, document, () -> ending.getCount() == 0);
      state = State.DONE;
    } catch (IOException | ProfileException | IllegalStateException e) {
      LOG.warn("profile {} failed", id, e);
      document.put("error", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      document.put("error", "the server is shutting down");
    } finally {
      finish(id, document.put("state", state.name()).put("ended_at", clock.instant().toString()), state);
    }
  }

  private void take(String id, Wish wish, ObjectNode document, CountDownLatch ending) throws IOException, SamplerException, InterruptedException {
    var stacks = new Stacks();
    Window window = times.begin();
    Samplers.Choice choice;
    try {
      choice = samplers.take(wish.event(), () -> ending.await(wish.seconds(), TimeUnit.SECONDS), folder.recording(id), stacks);
    } finally {
      times.end();
    }
    tell(id, wish, document, stacks, window.versions(), choice);
  }

  private void tell(String id, Wish wish, ObjectNode document, Stacks stacks, Map<ResolvedVersion, Times> spent, Samplers.Choice choice) throws IOException {
    Taken taken = choice.taken();
    ObjectNode summary = new ProfileSummary(wish, stacks, spent).document(notes.apply(wish));
    document.put("profiler", taken.by()).put("why", choice.why()).put("recorded", taken.recorded()).set("summary", summary);
    ObjectNode about = document.deepCopy().without(List.of("summary"));
    about.put("headline", summary.path("headline").asText());
    folder.write(id, ProfileFolder.Part.FLAMEGRAPH, new FlameGraph(wish, stacks).html(about));
    folder.write(id, ProfileFolder.Part.COLLAPSED, FlameGraph.collapsed(wish, stacks));
  }

  /// Whoever reads that it is over can start the next: both change under one lock.
  private synchronized void finish(String id, ObjectNode document, State state) {
    try {
      folder.finish(id, document);
    } catch (IOException e) {
      LOG.warn("profile {} cannot be kept", id, e);
      folder.note(id, document.put("error", "cannot be kept: " + e.getMessage()).put("state", State.FAILED.name()));
    } finally {
      Objects.requireNonNull(ended.get(state)).increment();
      running = null;
    }
  }

  /// Keeps profiles below a folder.
  public static Profiles at(Path place, Samplers samplers, StageTimes times, Function<Wish, List<String>> notes, InstantSource clock, RandomGenerator random) throws IOException {
    return new Profiles(new ProfileFolder(place), samplers, times, notes, clock, random);
  }
}
