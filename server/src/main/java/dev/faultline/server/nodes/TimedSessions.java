package dev.faultline.server.nodes;

import dev.faultline.fault.FaultException;
import dev.faultline.server.nodes.NodeTrace.Run;
import dev.faultline.server.profile.ProfileException;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A session of its own for each version, which writes what its nodes take; opened for some rounds and closed, because the engine writes
/// when it closes, and so much that the rounds of one opening are bounded.
final class TimedSessions {
  private final ModelLoader loader;
  private final Path scratch;

  TimedSessions(ModelLoader loader, Path scratch) {
    this.loader = loader;
    this.scratch = scratch;
  }

  /// A version and what its engine is given, request by request.
  record Version(Found.Candidate candidate, List<List<Tensor>> inputs) {
    Version {
      inputs = List.copyOf(inputs);
    }
  }

  private record Session(Version version, Path folder, LoadedModel model) {
    void run(List<Tensor> inputs) throws ProfileException {
      try {
        model.run(inputs, new RunControl());
      } catch (FaultException e) {
        throw new ProfileException("a request that was served before failed in the session that times nodes: " + e.fault().summary(), e);
      }
    }

    void round() throws ProfileException {
      for (List<Tensor> inputs : version.inputs()) {
        run(inputs);
      }
    }
  }

  /// Runs rounds while `goOn`, `roundsMax` at most, each version in turn in each.
  ///
  /// @return for each version the runs of the rounds, without the one that warms up
  Map<String, List<Run>> rounds(List<Version> versions, int roundsMax, BooleanSupplier goOn) throws IOException, ProfileException {
    Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "nodes-");
    try {
      run(versions, folder, roundsMax, goOn);
      var runs = new LinkedHashMap<String, List<Run>>();
      for (Version version : versions) {
        runs.put(version.candidate().version(), read(folder(folder, versions.indexOf(version)), version));
      }
      return runs;
    } finally {
      remove(folder);
    }
  }

  private void run(List<Version> versions, Path folder, int roundsMax, BooleanSupplier goOn) throws IOException, ProfileException {
    var sessions = new ArrayList<Session>();
    try {
      for (Version version : versions) {
        Session session = open(version, folder(folder, sessions.size()));
        sessions.add(session);
        session.run(version.inputs().getFirst());
      }
      List<Session> turn = sessions;
      for (int round = 0; round < roundsMax && goOn.getAsBoolean(); round++) {
        for (Session session : turn) {
          session.round();
        }
        // who goes first pays for what the other left in the caches
        turn = turn.reversed();
      }
    } finally {
      sessions.forEach(session -> session.model().close());
    }
  }

  private Session open(Version version, Path folder) throws IOException, ProfileException {
    Files.createDirectories(folder);
    try {
      return new Session(version, folder, loader.timed(version.candidate(), folder));
    } catch (LoadException e) {
      throw new ProfileException("version " + version.candidate().version() + " cannot be loaded to time its nodes: " + e.getMessage(), e);
    }
  }

  private static List<Run> read(Path folder, Version version) throws IOException, ProfileException {
    List<Run> runs = NodeTrace.of(folder).runs();
    if (runs.isEmpty()) {
      throw new ProfileException("the engine of version " + version.candidate().version() + " does not say what its nodes take");
    }
    return runs.subList(1, runs.size());
  }

  private static Path folder(Path folder, int index) {
    return folder.resolve(String.valueOf(index));
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
