package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// Waits for a replay, or other work over kept requests, and says how far it is: a line that is redrawn for a person, one every ten seconds on a pipe.
/// When the process is told to end meanwhile the work is taken back.
final class ReplayWatch {
  private static final List<String> OVER = List.of("DONE", "FAILED", "CANCELLED");
  private static final long STEP_MILLIS = 100;
  private static final long QUIET_NANOS = 500_000_000L;
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int BAR = 16;

  private final AdminClient client;
  private final Terminal terminal;
  private final String path;
  private final String deed;
  private final long startNanos = System.nanoTime();
  private long lineNanos = startNanos;
  private boolean drawn;

  ReplayWatch(AdminClient client, Terminal terminal) {
    this(client, terminal, "replays", "replaying");
  }

  /// Of work below another path of the admin API; `deed` says what is done.
  ReplayWatch(AdminClient client, Terminal terminal, String path, String deed) {
    this.client = client;
    this.terminal = terminal;
    this.path = path;
    this.deed = deed;
  }

  JsonNode ended(JsonNode started) throws CommandException {
    JsonNode now = started;
    String whole = path + "/" + text(started, "id");
    try (var _ = new TakeBack(client, terminal, whole)) {
      while (!OVER.contains(text(now, "state"))) {
        pause();
        now = client.fetch(whole);
        show(now.path("progress"));
      }
    }
    if (drawn) {
      terminal.redraw("");
    }
    return now;
  }

  private void show(JsonNode progress) {
    long now = System.nanoTime();
    if (terminal.isLive() && now - startNanos > QUIET_NANOS) {
      drawn = true;
      terminal.redraw(line(progress));
    } else if (!terminal.isLive() && !terminal.isUnattended() && now - lineNanos > LINE_NANOS) {
      lineNanos = now;
      terminal.say(line(progress));
    }
  }

  private String line(JsonNode progress) {
    long done = progress.path("done").asLong();
    long total = Math.max(1, progress.path("total").asLong());
    int full = (int) (BAR * done / total);
    double rate = progress.path("per_second").asDouble();
    String left = rate > 0 && done < total ? "   %.0f s left".formatted((total - done) / rate) : "";
    return "%s  %s%s  %d/%d  %.0f/s%s".formatted(deed, "█".repeat(full), "·".repeat(BAR - full), done, progress.path("total").asLong(), rate, left);
  }

  private static void pause() throws CommandException {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }
}
