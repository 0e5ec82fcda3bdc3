package dev.faultline.server.nodes;

import dev.faultline.graph.GraphException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.request.Cancellation;
import dev.faultline.server.nodes.TimedSessions.Version;
import dev.faultline.server.profile.ProfileException;
import dev.faultline.server.profile.Profiles;
import dev.faultline.server.profile.Profiles.Ending;
import dev.faultline.server.replay.KeptTraffic;
import dev.faultline.server.replay.KeptTraffic.Sent;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Times the nodes of a version on kept requests, and against another version, in sessions of its own and never in one that answers callers.
///
/// A profile like any other: one at a time, kept with them. First whole requests are replayed, which times stages and steps as they are
/// served; then the engine's inputs of the same requests run in sessions that write what every node takes. All versions run in every round.
public final class NodeTimes {
  public static final int SECONDS_DEFAULT = 10;
  static final int REQUESTS_MAX = 32;
  static final int ROUNDS_MAX = 60;
  static final int ROUNDS_MIN = 3;
  /// Events that one opening of a session may write, about a kilobyte each.
  static final int EVENTS_MAX = 50_000;
  /// A round may take this part of the time, so that there are enough of them.
  private static final int ROUNDS_WANTED = 30;
  private static final double STAGES_SHARE = 0.3;

  private final Profiles profiles;
  private final KeptTraffic traffic;
  private final ModelRepository models;
  private final TimedSessions sessions;
  private final Supplier<Replayer> replayers;
  private final LongSupplier nanoClock;

  /// `replayers` makes one for each profile, which closes it; `scratch` is a folder for what the engine writes.
  public NodeTimes(
      Profiles profiles, KeptTraffic traffic, ModelRepository models, ModelLoader loader, Supplier<Replayer> replayers, Path scratch, LongSupplier nanoClock) {
    this.profiles = profiles;
    this.traffic = traffic;
    this.models = models;
    this.sessions = new TimedSessions(loader, scratch);
    this.replayers = replayers;
    this.nanoClock = nanoClock;
  }

  /// Starts unless another profile runs.
  public Profiles.Answer start(NodeWish wish) {
    return profiles.start(wish::document, (_, document, ending) -> {
      List<String> versions = models.candidates(wish.model()).stream().map(Found.Candidate::version).toList();
      document.put("profiler", "the engine's own clock").put("why", "only it sees the nodes of a graph").put("recorded", false);
      document.set("summary", new NodeSummary(wish, measure(wish, ending), versions).document());
    });
  }

  private NodeSummary.Findings measure(NodeWish wish, Ending ending) throws IOException, ProfileException, InterruptedException {
    long start = nanoClock.getAsLong();
    long nanos = wish.seconds() * 1_000_000_000L;
    Cancellation cancellation = ending::isWanted;
    try (Replayer replayer = replayers.get()) {
      var subjects = new Subjects(replayer, wish, cancellation, nanoClock);
      List<Sent> kept = traffic.newest(wish.model(), REQUESTS_MAX, replayer);
      subjects.choose(kept, nanos / ROUNDS_WANTED / 2);
      requireSome(wish, kept, subjects);
      List<Measured> measured = begin(wish, subjects);
      stages(measured, subjects, until(start + (long) (STAGES_SHARE * nanos), ending));
      nodes(wish, measured, subjects, until(start + nanos, ending));
      return new NodeSummary.Findings(measured, subjects.count(), subjects.anyRedacted());
    } catch (GraphException e) {
      throw new ProfileException("the graph cannot be read: " + e.getMessage(), e);
    }
  }

  private BooleanSupplier until(long endNanos, Ending ending) {
    return () -> nanoClock.getAsLong() - endNanos < 0 && !ending.isWanted();
  }

  private static void requireSome(NodeWish wish, List<Sent> kept, Subjects subjects) throws ProfileException {
    if (kept.isEmpty()) {
      throw new ProfileException("no request of '" + wish.model() + "' is kept to time nodes with (mend: send it some; capture.enabled must be on)");
    }
    if (subjects.count() == 0) {
      throw new ProfileException("none of the " + kept.size() + " newest kept requests of '" + wish.model() + "' is served by version "
          + String.join(" and version ", wish.versions()) + " (mend: send some that " + (wish.against().isEmpty() ? "it serves)" : "both serve)"));
    }
  }

  private List<Measured> begin(NodeWish wish, Subjects subjects) throws ProfileException {
    var measured = new ArrayList<Measured>();
    Path own = candidate(wish.model(), wish.version()).path();
    for (String version : wish.versions()) {
      Path file = candidate(wish.model(), version).path();
      measured.add(new Measured(version, measured.isEmpty() ? Names.of(file) : Names.of(file, own), subjects.count()));
    }
    return measured;
  }

  private static void stages(List<Measured> measured, Subjects subjects, BooleanSupplier goOn) throws ProfileException {
    List<Measured> turn = measured;
    for (int round = 0; round < ROUNDS_MAX && (round < ROUNDS_MIN || goOn.getAsBoolean()); round++) {
      for (Measured each : turn) {
        each.stages().add(subjects.round(each.version()));
      }
      turn = turn.reversed();
    }
  }

  private void nodes(NodeWish wish, List<Measured> measured, Subjects subjects, BooleanSupplier goOn) throws IOException, ProfileException {
    var versions = new ArrayList<Version>();
    for (Measured each : measured) {
      versions.add(new Version(candidate(wish.model(), each.version()), subjects.inputs(each.version())));
    }
    int rounds = ROUNDS_MIN;
    while (measured.getFirst().own().count() < ROUNDS_MAX) {
      boolean first = measured.getFirst().own().count() == 0;
      var runs = sessions.rounds(versions, Math.min(rounds, ROUNDS_MAX - measured.getFirst().own().count()), first ? () -> true : goOn);
      measured.forEach(each -> each.add(runs.getOrDefault(each.version(), List.of())));
      if (!goOn.getAsBoolean()) {
        return;
      }
      rounds = Math.clamp(EVENTS_MAX / Math.max(1, (long) subjects.count() * nodesMax(measured)), 1, ROUNDS_MAX);
    }
  }

  private static int nodesMax(List<Measured> measured) {
    return measured.stream().mapToInt(each -> each.own().keys().size()).max().orElse(1);
  }

  private Found.Candidate candidate(String model, String version) throws ProfileException {
    return models.candidates(model).stream().filter(each -> each.version().equals(version)).findFirst()
        .orElseThrow(() -> new ProfileException("version " + version + " of '" + model + "' has no file any more"));
  }
}
