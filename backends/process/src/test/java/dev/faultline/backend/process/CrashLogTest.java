package dev.faultline.backend.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CrashLogTest {
  @TempDir private Path folder;

  @Test
  void theHeadSaysSignalPlaceAndThread() {
    CrashLog log =
        CrashLog.parse(
            """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGFPE (0x8) at pc=0x00007f0c1b50f5a0, pid=4711, tid=4730
            #
            # JRE version: OpenJDK Runtime Environment Temurin-25 (25.0.3)
            # Problematic frame:
            # C  [libonnxruntime.so+0xb0f5a0]
            #

            ---------------  T H R E A D  ---------------

            Current thread (0x00007f0c2c0): JavaThread "slot-0" daemon [_thread_in_native, id=4730, stack(0x1,0x2) (1024K)]
            """
                .lines()
                .toList());
    assertThat(log.signal()).isEqualTo("SIGFPE");
    assertThat(log.frame()).isEqualTo("libonnxruntime.so+0xb0f5a0");
    assertThat(log.thread()).isEqualTo("JavaThread \"slot-0\" daemon");
    assertThat(log.head()).first().asString().contains("fatal error");
  }

  @Test
  void whatIsNoCrashLogSaysNothing() {
    assertThat(CrashLog.parse(List.of("# Problematic frame:"))).extracting(CrashLog::signal, CrashLog::frame, CrashLog::thread).containsExactly("", "", "");
  }

  @Test
  void onlyTheNewestAreKept() throws Exception {
    Path log = Files.writeString(folder.resolve("hs_err.log"), "# x");
    var kept = new CrashLogFolder(folder.resolve("kept"), 2);
    Path first = kept.keep(log, 1);
    for (long pid = 2; pid < 5; pid++) {
      Workers.until(new Tick());
      assertThat(kept.keep(log, pid)).exists();
    }
    assertThat(first).doesNotExist();
    assertThat(folder.resolve("kept")).isDirectoryContaining("glob:**/hs_err_*_4.log").isDirectoryContaining("glob:**/hs_err_*_3.log");
  }

  /// True once the clock has moved on by a millisecond, by which names are told apart.
  private static final class Tick implements java.util.function.BooleanSupplier {
    private final long start = System.currentTimeMillis();

    @Override
    public boolean getAsBoolean() {
      return System.currentTimeMillis() > start;
    }
  }
}
