package dev.faultline.cli;

import dev.faultline.capture.CaptureStats;
import dev.faultline.capture.CaptureStoreException;
import dev.faultline.capture.DuckDbCaptureStore;
import dev.faultline.capture.StoreLimits;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.RepositoryScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the doctor looks at around the server: its ports, its folders, its captures.
final class PlaceExam {
  private final ServerConfig config;
  private final Optional<URI> running;

  private PlaceExam(ServerConfig config) {
    this.config = config;
    this.running = ServerOptions.running(config.dataDir());
  }

  static List<Diagnosis> all(ServerConfig config) {
    var exam = new PlaceExam(config);
    var all = new ArrayList<Diagnosis>();
    all.add(exam.port("server.port", config.server().host(), config.server().port()));
    all.add(exam.port("server.grpc_port", config.server().host(), config.server().grpcPort()));
    all.add(exam.port("server.admin_port", config.admin().host(), config.server().adminPort()));
    config.modelDirs().forEach(place -> all.add(repository(place)));
    all.add(exam.folder());
    all.add(exam.disk());
    all.add(exam.captures());
    return all;
  }

  private Diagnosis port(String key, String host, int port) {
    if (running.isPresent()) {
      return Diagnosis.good("ports", key + " belongs to the running server, admin API at " + running.get());
    }
    try (var socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return Diagnosis.good("ports", key + " " + socket.getLocalPort() + " on " + host + " is free");
    } catch (IOException e) {
      return Diagnosis.bad("ports", key + " " + port + " on " + host + " cannot be had: " + e.getMessage(), "stop who has it, or choose another: 0 takes a free one");
    }
  }

  private static Diagnosis repository(Path place) {
    try {
      List<Found> found = new RepositoryScanner().scan(place);
      long models = found.stream().filter(Found.Candidate.class::isInstance).count();
      long refused = found.stream().filter(Found.Refused.class::isInstance).count();
      String sentence = place + " holds " + models + " model versions, " + (refused > 0 ? refused + " refused, " : "") + (found.size() - models - refused) + " other entries";
      return models > 0 ? Diagnosis.good("repository", sentence) : Diagnosis.bad("repository", sentence, "lay it out as DIR/<model>/<version>/model.onnx");
    } catch (IllegalArgumentException | UncheckedIOException e) {
      return Diagnosis.bad("repository", String.valueOf(e.getMessage()), "name a folder that exists and can be read");
    }
  }

  private Diagnosis folder() {
    Path place = existing(config.dataDir());
    return Diagnosis.of(Files.isWritable(place), "data", config.dataDir() + (Files.isWritable(place) ? " can be written" : " cannot be written"), "--data DIR, or FAULTLINE_DATA_DIR");
  }

  private Diagnosis disk() {
    try {
      long free = Files.getFileStore(existing(config.dataDir())).getUsableSpace();
      long wanted = config.capture().bytesMax();
      String found = JavaExam.mebibytes(free) + " free, captures may take " + JavaExam.mebibytes(wanted);
      return free > wanted ? Diagnosis.good("disk", found) : Diagnosis.warning("disk", found, "free some, or lower capture.max_bytes");
    } catch (IOException e) {
      return Diagnosis.bad("disk", "cannot be asked for its space: " + e.getMessage(), "--data DIR on another disk");
    }
  }

  /// The store takes one process: while a server runs, it is the server's to ask.
  private Diagnosis captures() {
    Path place = config.dataDir().resolve("captures");
    if (running.isPresent() || !Files.isDirectory(place)) {
      return Diagnosis.good("captures", running.isPresent() ? "kept by the running server" : "none yet");
    }
    try (var store = DuckDbCaptureStore.open(place, StoreLimits.DEFAULT.retaining(config.capture().bytesMax(), config.capture().ageMax()), InstantSource.system())) {
      CaptureStats stats = store.stats();
      return Diagnosis.good("captures", stats.toString());
    } catch (CaptureStoreException e) {
      return Diagnosis.bad("captures", "cannot be opened: " + e.getMessage(), "stop who else uses the folder, or move it away: faultline starts a new one");
    }
  }

  /// The folder itself, or the nearest one above that is there.
  private static Path existing(Path folder) {
    Path place = folder.toAbsolutePath().normalize();
    while (!Files.isDirectory(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }
}
