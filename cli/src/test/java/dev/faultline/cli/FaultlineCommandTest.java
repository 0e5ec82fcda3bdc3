package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultlineCommandTest {

  @Test
  void anUnknownOptionIsNamedWithTheNearestOne() {
    Told told = Told.by("config", "show", "--prot", "1");
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.out()).isEmpty();
    assertThat(told.err()).isEqualTo("""
        error: faultline config show has no option --prot
          --> --prot
          help: did you mean --port?
          help: all options: faultline config show --help
        """);
  }

  @Test
  void anUnknownCommandIsNamedWithTheNearestOne() {
    Told told = Told.by("vresion");
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.err()).startsWith("error: there is no command 'vresion'\n").contains("help: did you mean version?");
  }

  @Test
  void noCommandAtAllIsACallThatDoesNotFit() {
    assertThat(Told.by().status()).isEqualTo(2);
    assertThat(Told.by().err()).contains("error: no command", "faultline --help");
  }

  @Test
  void helpOfACodeIsItsPage() {
    Told told = Told.by("help", "check.nonfinite");
    assertThat(told.status()).isZero();
    assertThat(told.out()).startsWith("# check.nonfinite\n").contains("## How to mend");
  }

  @Test
  void helpOfAMisspeltCodeSuggestsTheRightOne() {
    Told told = Told.by("help", "validate.rnage");
    assertThat(told.status()).isEqualTo(5);
    assertThat(told.err()).contains("there is no fault code and no command 'validate.rnage'", "did you mean faultline help validate.range?");
  }

  @Test
  void helpAsJsonHasTheCodesFactsAndThePage() {
    assertThat(Told.by("help", "queue.full", "--json").out())
        .startsWith("{\"schema\":\"faultline/help.v1\",\"code\":\"queue.full\",\"stage\":\"QUEUE\",\"blame\":\"CAPACITY\",\"http\":429,\"grpc\":\"RESOURCE_EXHAUSTED\"");
  }

  @Test
  void configShowSaysWhereEachValueCameFrom() {
    var surroundings = new Surroundings(Map.of("FAULTLINE_SERVER_PORT", "7070"), Path.of("target").toAbsolutePath());
    Told told = Told.by(surroundings, "config", "show", "--blame", "--admin-port", "0");
    assertThat(told.status()).isZero();
    assertThat(told.out()).containsPattern("server\\.port +7070 +environment FAULTLINE_SERVER_PORT\n");
    assertThat(told.out()).containsPattern("server\\.admin_port +0 +flag --admin-port\n");
    assertThat(told.out()).containsPattern("server\\.host +127\\.0\\.0\\.1 +default\n");
  }

  @Test
  void aConfigurationThatCannotBeUsedIsComplainedOfWithEveryProblem() {
    Told told = Told.by("config", "show", "--port", "eighty", "--admin-port", "99999");
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.err()).contains("error: the configuration cannot be used", "note: server.port", "note: server.admin_port", "help: ");
  }

  @Test
  void colourIsUsedWhenAskedForAndNeverOnAPipe() {
    assertThat(Told.by("help", "check.sum").out()).doesNotContain("\033[");
    assertThat(Told.by("help", "check.sum", "--color", "always").out()).startsWith("\033[1m# check.sum");
  }

  @Test
  void aTerminalWithoutUtf8GetsAsciiSignsOfTheSameWidth() {
    var out = new ByteArrayOutputStream();
    Terminal terminal = Terminal.ofPipes(new PrintStream(out, true, StandardCharsets.US_ASCII), System.err);
    terminal.print("✓ ready · 3 → 4");
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("+ ready - 3 > 4" + System.lineSeparator());
  }

  @Test
  void versionNamesTheEngine() {
    assertThat(Told.by("version").out()).startsWith("faultline 0.").contains("  java 25", "  onnxruntime 1.29.0", "  duckdb 2.");
  }
}
