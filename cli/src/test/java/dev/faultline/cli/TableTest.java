package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Terminal terminal(boolean forPerson, int width) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Terminal(stream, stream, Map.of("NO_COLOR", "1"), forPerson, false, width);
  }

  @Test
  void numbersStandToTheRightAndTextToTheLeft() {
    new Table("NAME", "N").row("a", "7").row("longer", "1,234").print(terminal(false, 10), "");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("NAME        N\na           7\nlonger  1,234\n");
  }

  @Test
  void aPersonsTerminalCutsLinesAndAPipeDoesNot() {
    new Table("NAME").row("0123456789abcdef").print(terminal(true, 10), "");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("NAME\n012345678…\n");
  }
}
