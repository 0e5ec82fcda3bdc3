package dev.faultline.server.contain;

import dev.faultline.backend.process.ProcessBackend;
import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.ProcessSettings;
import dev.faultline.backend.process.QuarantinePolicy;
import dev.faultline.backend.process.WorkerCommand;
import dev.faultline.backend.process.WorkerLimits;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.ContainedModel;
import dev.faultline.serving.backend.ContainmentChoice;
import dev.faultline.serving.backend.ContainmentWish;
import dev.faultline.serving.backend.ContainingBackend;
import dev.faultline.serving.backend.CrashJournal;
import dev.faultline.serving.backend.KnownKillers;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.OperatorCensus;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that lets a version run in a process of its own: the processes, the journal of crashes, and the records of both.
///
/// `server` is the backend of this process; a worker runs the same class, made anew.
public final class WorkerHouse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerHouse.class);
  private static final int MEBI_SHIFT = 20;

  private final ContainingBackend backend;
  private final LazyProcesses processes;
  private final CrashJournal journal;
  private final WorkerRecords records;
  private final ServerConfig.Workers config;

  /// `folder` is the data folder: the journal and crash logs are kept in it.
  ///
  /// @throws IOException when the journal cannot be had
  public WorkerHouse(Backend here, OperatorCensus census, ServerConfig.Workers config, Path folder, InstantSource clock, LongSupplier nanoClock) throws IOException {
    this.config = config;
    this.records = new WorkerRecords(clock);
    this.journal = journal(folder);
    this.processes = new LazyProcesses(
        here.engine(), () -> new ProcessBackend(command(here.getClass(), config), settings(config, folder.resolve("crashes")), records, nanoClock));
    this.backend = new ContainingBackend(here, processes, census, KnownKillers.read(), journal);
    journal.leftInside().forEach(each -> LOG.warn(
        "model {} version {} was in the engine when the last server's process died ({} times by now); unless told otherwise it runs in a process of its own from now on", each.model(), each.version(), each.crashes()));
  }

  public ContainingBackend backend() {
    return backend;
  }

  public CrashJournal journal() {
    return journal;
  }

  public WorkerRecords records() {
    return records;
  }

  /// What the process of a version with this wish may hold; 0 for no limit.
  public long memoryBytesMax(ContainmentWish wish) {
    return wish.memoryBytesMax() > 0 ? wish.memoryBytesMax() : config.memoryBytesMax();
  }

  /// How many processors the process of a version with this wish may use; 0 for all.
  public int cpusMax(ContainmentWish wish) {
    return wish.cpusMax() > 0 ? wish.cpusMax() : config.cpusMax();
  }

  /// The process in which a model runs, when it has one.
  public static Optional<ProcessModel> processOf(LoadedModel model) {
    return model instanceof ContainedModel(ProcessModel process, _, _) ? Optional.of(process) : Optional.empty();
  }

  /// Where a ready version runs and why, for people: `in a process of its own: its graph holds LSTM, ...`.
  public static Optional<String> placeOf(ModelListing listing) {
    return listing.state() instanceof ModelState.Ready(ModelVersion version, long _) && version.model() instanceof ContainedModel contained
        ? Optional.of(spoken(contained.choice()))
        : Optional.empty();
  }

  /// The same, of a version that has a process of its own.
  public static Optional<String> ownPlaceOf(ModelListing listing) {
    boolean own = listing.state() instanceof ModelState.Ready(ModelVersion version, long _) && processOf(version.model()).isPresent();
    return own ? placeOf(listing) : Optional.empty();
  }

  private static String spoken(ContainmentChoice choice) {
    return switch (choice) {
      case ContainmentChoice.InProcess(String reason) -> "in this process: " + reason;
      case ContainmentChoice.OwnProcess(String reason) -> "in a process of its own: " + reason;
    };
  }

  /// After the models.
  @Override
  public void close() {
    processes.close();
    try {
      journal.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the crash journal", e);
    }
  }

  /// Two servers on one data folder each get a journal; that of the second is not found by the next.
  private static CrashJournal journal(Path folder) throws IOException {
    Path file = folder.resolve("crash-journal");
    try {
      return CrashJournal.open(file);
    } catch (IOException e) {
      LOG.warn("{}: crashes of this server will not be remembered by the next (mend: give each server a data folder of its own)", e.getMessage());
      return CrashJournal.open(Files.createTempFile("crash-journal", ""));
    }
  }

  private static ProcessSettings settings(ServerConfig.Workers config, Path crashLogs) {
    var policy = new QuarantinePolicy(config.quarantineKills(), config.quarantineTtl().toMillis(), QuarantinePolicy.STANDARD.inputsMax());
    return ProcessSettings.standard(crashLogs)
        .withSparesMax(config.spares())
        .withHangKillMillis(config.hangKill().toMillis())
        .withQuarantine(policy);
  }

  private static WorkerCommand command(Class<?> backend, ServerConfig.Workers config) {
    int heap = Math.toIntExact(config.heapBytes() >> MEBI_SHIFT);
    return WorkerCommand.of(backend.getName()).withLimits(new WorkerLimits(heap, config.memoryBytesMax(), config.cpusMax())).withJvmFlags(flags());
  }

  /// What makes a start fast, as far as whoever started this server has prepared it: libraries unpacked, classes loaded ahead of time.
  private static List<String> flags() {
    var flags = new ArrayList<String>();
    property("onnxruntime.native.path").ifPresent(folder -> flags.add("-Donnxruntime.native.path=" + folder));
    property("faultline.aot").ifPresent(file -> flags.addAll(List.of("-XX:AOTCache=" + file, "-XX:AOTMode=auto", "-Xlog:aot*=off", "-Xlog:cds*=off")));
    return flags;
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isEmpty());
  }
}
