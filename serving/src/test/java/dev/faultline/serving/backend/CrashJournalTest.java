package dev.faultline.serving.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class CrashJournalTest {
  private static final Artifact GUILTY = new Artifact("guilty", "1", Path.of("g"), "sha256:11");
  private static final Artifact IDLE = new Artifact("idle", "7", Path.of("i"), "sha256:22");

  @TempDir private Path folder;

  /// The main class of a process that is killed while one version runs and another has run.
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      CrashJournal journal = CrashJournal.open(Path.of(arguments[0]));
      journal.entry(IDLE).enter();
      journal.entry(IDLE).leave();
      journal.entry(GUILTY).enter();
      Runtime.getRuntime().halt(134);
    }
  }

  @Test
  void whoWasInsideWhenTheProcessDiedIsKnownToTheNext() throws Exception {
    Path file = folder.resolve("journal");
    for (int crashes = 1; crashes <= 2; crashes++) {
      die(file);
      try (CrashJournal journal = CrashJournal.open(file)) {
        assertThat(journal.casualties()).containsExactly(new CrashJournal.Casualty("guilty", "1", "sha256:11", crashes));
        assertThat(journal.crashes(GUILTY)).isEqualTo(crashes);
        assertThat(journal.crashes(IDLE)).isZero();
        assertThat(journal.crashes(new Artifact("guilty", "1", Path.of("g"), "sha256:other"))).as("another file").isZero();
      }
    }
    try (CrashJournal journal = CrashJournal.open(file)) {
      assertThat(journal.crashes(GUILTY)).as("after a clean end").isEqualTo(2);
      journal.forget(GUILTY);
      assertThat(journal.casualties()).isEmpty();
    }
  }

  @Test
  void moreVersionsThanThereAreRecordsPushOutThoseThatNeverCrashed() throws Exception {
    Path file = folder.resolve("many");
    die(file);
    try (CrashJournal journal = CrashJournal.open(file)) {
      for (int i = 0; i < 2 * CrashJournal.RECORDS_MAX; i++) {
        CrashJournal.Entry entry = journal.entry(new Artifact("m", String.valueOf(i), Path.of("m"), "sha256:33"));
        entry.enter();
        entry.leave();
      }
      assertThat(journal.crashes(GUILTY)).isEqualTo(1);
    }
  }

  @Test
  void whatIsNoJournalIsBegunAnew() throws Exception {
    Path file = Files.write(folder.resolve("noise"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    try (CrashJournal journal = CrashJournal.open(file)) {
      assertThat(journal.casualties()).isEmpty();
    }
  }

  private static void die(Path file) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process victim = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Victim.class.getName(), file.toString()).inheritIO().start();
    assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(victim.exitValue()).isEqualTo(134);
  }
}
