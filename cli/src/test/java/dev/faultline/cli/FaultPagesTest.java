package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FaultPagesTest {
  private static final Path FOLDER = Path.of("../docs/faults");

  @ParameterizedTest
  @EnumSource(FaultCode.class)
  void theTableOfEachPageSaysWhatTheCodeSays(FaultCode code) {
    String page = FaultPages.find(code.label()).orElseThrow();
    assertThat(page).startsWith("# " + code.label() + "\n\n" + code.title() + ".\n");
    List<String> row = page.lines().filter(line -> line.startsWith("| " + code.stage())).findFirst().map(line -> List.of(line.split("\\s*\\|\\s*"))).orElseThrow();
    assertThat(row.get(2)).startsWith(code.defaultBlame().name());
    assertThat(row.get(3)).startsWith(Integer.toString(code.httpStatus(code.defaultBlame())));
    assertThat(row.get(4)).startsWith(code.grpcStatus(code.defaultBlame()));
    assertThat(page).contains("code=" + code.label() + ", stage=" + code.stage() + ", blame=" + code.defaultBlame());
  }

  static List<String> codes() {
    return FaultPages.codes();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void eachPageSaysWhatToDo(String code) {
    assertThat(FaultPages.find(code).orElseThrow())
        .contains("\n## What it means\n", "Who must act: ", "\n## Typical causes\n\n- ", "\n## How to confirm\n\n```\n", "\n## How to mend\n\n1. ");
  }

  @Test
  void thereIsNoPageWithoutACode() throws IOException {
    try (Stream<Path> pages = Files.list(FOLDER)) {
      assertThat(pages.map(page -> page.getFileName().toString()).filter(name -> !name.equals("README.md")))
          .containsExactlyInAnyOrderElementsOf(FaultPages.codes().stream().map(code -> code + ".md").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("sourcesThatNameLoadCodes")
  void eachLoadCodeOfTheSourcesHasAPage(Path source) throws IOException {
    assertThat(FaultPages.codes()).containsAll(loadCodes(source));
  }

  static List<Path> sourcesThatNameLoadCodes() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      return files.filter(file -> file.toString().contains("/src/main/java/") && file.toString().endsWith(".java")).filter(file -> !loadCodes(file).isEmpty()).toList();
    }
  }

  private static List<String> loadCodes(Path source) {
    try {
      return java.util.regex.Pattern.compile("\"(load\\.[a-z_]+)\"").matcher(Files.readString(source)).results().map(match -> match.group(1)).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
