package dev.faultline.serving.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class YamlEditTest {
  private static final List<String> RANGE = List.of("inputs", "speed", "range");

  @Test
  void anEmptyFileGetsTheWholePath() throws Exception {
    assertThat(put("", RANGE, "[0, 1]", "seen")).isEqualTo("inputs:\n  speed:\n    range: [0, 1]  # seen\n");
    assertThat(put("# only a comment\n", RANGE, "[0, 1]", "")).isEqualTo("# only a comment\ninputs:\n  speed:\n    range: [0, 1]\n");
  }

  @Test
  void aMemberIsAddedBehindTheOthersAndCommentsStay() throws Exception {
    String before =
        """
        # who wrote it
        inputs:
            speed:   # knots
                finite: true   # always

            species:
                values: [gull, "no"]

        limits: {instances: 2}
        """;
    assertThat(put(before, RANGE, "[0, 400]", "4 of 4")).isEqualTo(
        """
        # who wrote it
        inputs:
            speed:   # knots
                finite: true   # always
                range: [0, 400]  # 4 of 4

            species:
                values: [gull, "no"]

        limits: {instances: 2}
        """);
    assertThat(put(before, List.of("inputs", "height", "range"), "[0, 9]", "")).contains("values: [gull, \"no\"]\n    height:\n      range: [0, 9]\n\nlimits");
    assertThat(put(before, List.of("limits", "queue_capacity"), "8", "small")).endsWith("limits: {instances: 2, queue_capacity: 8}  # small\n");
  }

  @Test
  void flowMappingsGrowInTheirBraces() throws Exception {
    assertThat(put("inputs: {speed: {finite: true}, x: {}}\n", RANGE, "[0, 1]", "n")).isEqualTo("inputs: {speed: {finite: true, range: [0, 1]}, x: {}}  # n\n");
    assertThat(put("inputs: {x: {}}", List.of("inputs", "x", "finite"), "true", "")).isEqualTo("inputs: {x: {finite: true}}");
    assertThat(put("{}", RANGE, "[0, 1]", "")).isEqualTo("{inputs: {speed: {range: [0, 1]}}}");
  }

  @Test
  void aKeyWithNothingBehindItBecomesAMapping() throws Exception {
    assertThat(put("inputs:\n  speed:   # later\n  x: {finite: true}\n", RANGE, "[0, 1]", "")).isEqualTo("inputs:\n  speed:   # later\n    range: [0, 1]\n  x: {finite: true}\n");
    assertThat(put("inputs:", RANGE, "[0, 1]", "")).isEqualTo("inputs:\n  speed:\n    range: [0, 1]");
  }

  @Test
  void aValueIsReplacedWhateverItsForm() throws Exception {
    assertThat(put("inputs:\n  speed:\n    range: [0, 1]   # old\n    finite: true\n", RANGE, "[0, 2]", "new")).isEqualTo("inputs:\n  speed:\n    range: [0, 2]   # old\n    finite: true\n");
    assertThat(put("inputs:\n  speed:\n    range:\n      - 0\n      - 1\n    finite: true\n", RANGE, "[0, 2]", "")).contains("range:\n      [0, 2]\n    finite: true\n");
  }

  @Test
  void keysAndTextsThatCouldBeMisreadStandInQuotes() throws Exception {
    assertThat(YamlEdit.scalar("gull")).isEqualTo("gull");
    assertThat(List.of("no", "1", "", "a b", "it's", "é\n")).allSatisfy(text ->
        assertThat(new YamlEdit("v: " + YamlEdit.scalar(text)).find(List.of("v")).orElseThrow().textValue()).isEqualTo(text));
    assertThat(put("", List.of("inputs", "x", "fields", "yes", "range"), "[0, 1]", "")).contains("      \"yes\":\n");
  }

  @Test
  void charactersBeyondTheBasicPlaneDoNotShiftThePlaces() throws Exception {
    assertThat(put("# 🐦🐦🐦\ninputs:\n  speed: {values: [\"🐦\"]}\nz: 1\n", List.of("inputs", "speed", "finite"), "true", "")).isEqualTo("# 🐦🐦🐦\ninputs:\n  speed: {values: [\"🐦\"], finite: true}\nz: 1\n");
  }

  @Test
  void whatCannotBeChangedInPlaceIsRefusedAndNothingHappens() throws Exception {
    var edit = new YamlEdit("inputs:\n  speed: 7\n");
    assertThatThrownBy(() -> edit.put(RANGE, "[0, 1]", "")).isInstanceOf(YamlEdit.EditException.class).hasMessageContaining("no mapping");
    assertThat(edit.text()).isEqualTo("inputs:\n  speed: 7\n");
    assertThatThrownBy(() -> new YamlEdit("[1]")).hasMessage("the file is no mapping");
    assertThatThrownBy(() -> new YamlEdit("a: 1\na: 2\n")).hasMessageContaining("twice");
  }

  private static String put(String before, List<String> path, String value, String comment) throws Exception {
    var edit = new YamlEdit(before);
    edit.put(path, value, comment);
    return edit.text();
  }
}
