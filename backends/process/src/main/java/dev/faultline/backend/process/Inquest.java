package dev.faultline.backend.process;

import dev.faultline.fault.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds out how a worker died: who killed it, exit code, crash log, last words, and whether the system ran out of memory meanwhile.
final class Inquest {
  private static final Path SYSTEM_COUNTERS = Path.of("/proc/vmstat");
  private static final String OUT_OF_MEMORY_KILLS = "oom_kill ";

  private final WorkerFolder folder;
  private final LastWords lastWords;
  private final CrashLogFolder crashLogs;
  private final long killsBefore = outOfMemoryKills();

  Inquest(WorkerFolder folder, LastWords lastWords, CrashLogFolder crashLogs) {
    this.folder = folder;
    this.lastWords = lastWords;
    this.crashLogs = crashLogs;
  }

  WorkerDeath hold(Process dead, Optional<Kill> kill, List<Run> inside) {
    int exitCode = dead.exitValue();
    CrashLog log = crashLog();
    String kept = log.equals(CrashLog.NONE) ? "" : keep(dead.pid());
    String signal = log.signal().isEmpty() ? Signal.ofExit(exitCode) : log.signal();
    List<String> lines = log.head().isEmpty() ? lastWords.lines() : log.head();
    var evidence = new Evidence.Death(exitCode, signal, log.frame(), log.thread(), kept, lines);
    DeathCause cause = kill.map(Kill::cause).orElseGet(() -> cause(exitCode));
    String reason = kill.map(Kill::reason).orElseGet(() -> reason(cause, evidence));
    return new WorkerDeath(cause, reason, evidence, inside, kill.map(Kill::culprits).orElse(List.of()));
  }

  /// A log that cannot be read must not keep the requests that were inside from their answer.
  private CrashLog crashLog() {
    try {
      return CrashLog.read(folder.crashLog());
    } catch (IOException e) {
      return CrashLog.NONE;
    }
  }

  private String keep(long pid) {
    try {
      return crashLogs.keep(folder.crashLog(), pid).toString();
    } catch (IOException e) {
      return "(not kept: " + e + ")";
    }
  }

  private DeathCause cause(int exitCode) {
    if (!Signal.isSent(exitCode)) {
      return DeathCause.CRASH;
    }
    boolean starved = exitCode == Signal.EXIT_BASE + Signal.KILL && outOfMemoryKills() > killsBefore;
    return starved ? DeathCause.MEMORY : DeathCause.OUTSIDE;
  }

  private static String reason(DeathCause cause, Evidence.Death death) {
    String how = death.signal().isEmpty() ? "it ended" : death.signal();
    String where = death.place().isEmpty() ? "" : " in " + death.place();
    String why =
        switch (cause) {
          case OUTSIDE -> ", sent from outside";
          case MEMORY -> ", while the system killed processes for want of memory";
          case CRASH, HANG, RENEWED, CLOSED -> lastWord(death);
        };
    return how + where + " (exit code " + death.exitCode() + ")" + why;
  }

  /// Without a crash log the last line said is the best there is: `terminate called after throwing ...`.
  private static String lastWord(Evidence.Death death) {
    return death.log().isEmpty() && !death.lines().isEmpty() ? ": " + death.lines().getLast() : "";
  }

  /// How often the kernel has killed a process for want of memory since it started; 0 where it does not say.
  private static long outOfMemoryKills() {
    if (!Files.isReadable(SYSTEM_COUNTERS)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(SYSTEM_COUNTERS)) {
      return lines.filter(line -> line.startsWith(OUT_OF_MEMORY_KILLS)).mapToLong(line -> Long.parseLong(line.substring(OUT_OF_MEMORY_KILLS.length()).strip())).sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
