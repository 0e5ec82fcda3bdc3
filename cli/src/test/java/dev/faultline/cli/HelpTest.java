package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every command's help, as it is printed. What it is now is written to `target/help.txt`, to be reviewed and copied.
class HelpTest {
  private static final Path COMMITTED = Path.of("src/test/resources/help.txt");
  private static final Path NOW = Path.of("target/help.txt");

  static List<String> commands() {
    return List.of("", "serve", "demo", "doctor", "faults", "explain", "resolve", "compare", "replay", "reduce", "bisect", "probe", "contract", "profile", "threads", "captures", "models", "rollout", "quarantine", "config", "config show", "help", "version");
  }

  @Test
  void theHelpIsTheReviewedOne() throws IOException {
    var now = new StringBuilder();
    commands().forEach(command -> now.append("$ faultline ").append(command).append(command.isEmpty() ? "" : " ").append("--help\n").append(help(command).out()).append('\n'));
    Files.createDirectories(Path.of("target"));
    Files.writeString(NOW, now);
    assertThat(now).as("the help changed: review %s and copy it to %s", NOW, COMMITTED).hasToString(Files.readString(COMMITTED));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachHelpFitsEightyColumnsAndOpensWithTwoExamples(String command) {
    Told told = help(command);
    assertThat(told.status()).isZero();
    assertThat(told.out().lines()).allMatch(line -> line.length() <= 80, "at most 80 columns");
    assertThat(told.out().lines().limit(2)).allMatch(line -> line.startsWith("  faultline "), "an example");
  }

  private static Told help(String command) {
    return Told.by((command + " --help").strip().split(" "));
  }
}
