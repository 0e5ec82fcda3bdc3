package dev.faultline.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  /// Write the page's table anew with what this test expects when a key changes.
  @Test
  void thePageListsEveryKeyAsItIs() throws Exception {
    List<String> rows = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).toList();

    assertThat(rows).isEqualTo(Keys.ALL.stream().map(ConfigurationPageTest::row).toList());
  }

  private static String row(ConfigKey<?> key) {
    return "| `" + key.path() + "` | " + key.kind().expected() + " | " + (key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`") + " | " + key.meaning() + " |";
  }
}
