package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.example.birdstrikes.RunningModel.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every version says of a few rows, kept in `golden.json`; `-Dgolden=write` writes the file anew.
class GoldenTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FILE = Path.of("src/test/resources/golden.json");

  /// The first; a standing aircraft; three without speed, the latter two damaged; an unseen aircraft; an unseen airline; the last.
  private static final List<Integer> NUMBERS = List.of(1, 277, 20, 7231, 8166, 7242, 7309, 10_000);

  @Test
  void theCommittedModelsSayWhatTheySaidWhenTheyWereCommitted() throws IOException, OrtException {
    JsonNode now = golden();
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(FILE, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(now) + "\n");
    }
    JsonNode recorded = JSON.readTree(FILE.toFile());

    assertThat(now).hasSameSizeAs(recorded);
    IntStream.range(0, now.size()).forEach(i -> assertSame(now.get(i), recorded.get(i)));
  }

  private static void assertSame(JsonNode now, JsonNode recorded) {
    String what = "version %s, row %s".formatted(recorded.get("version"), recorded.get("row"));
    assertThat(now.get("version")).isEqualTo(recorded.get("version"));
    assertThat(now.get("row")).isEqualTo(recorded.get("row"));
    assertThat(now.get("values").toString()).as(what).isEqualTo(recorded.get("values").toString());
    assertThat(now.get("damage")).as(what).isEqualTo(recorded.get("damage"));
    JsonNode probability = recorded.get("probability");
    assertThat(now.get("probability").isNull()).as(what).isEqualTo(probability.isNull());
    assertThat(now.get("probability").asDouble()).as(what).isCloseTo(probability.asDouble(), within(1e-5));
  }

  private static ArrayNode golden() throws OrtException {
    List<BirdstrikeRow> rows = NUMBERS.stream().map(number -> Committed.ROWS.get(number - 1)).toList();
    ArrayNode golden = JSON.createArrayNode();
    for (Release release : Release.values()) {
      try (RunningModel model = RunningModel.of(release)) {
        List<Answer> answers = model.answers(rows);
        IntStream.range(0, rows.size()).forEach(i -> golden.add(entry(release, rows.get(i), answers.get(i))));
      }
    }
    return golden;
  }

  /// A probability that is not a number is null, since JSON has no word for it.
  private static ObjectNode entry(Release release, BirdstrikeRow row, Answer answer) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("version", release.version());
    entry.put("row", row.number());
    entry.set("values", JSON.valueToTree(row.values()));
    entry.put("damage", answer.damage());
    if (answer.isFinite()) {
      entry.put("probability", Math.round(answer.probability() * 1e6) / 1e6);
    } else {
      entry.putNull("probability");
    }
    return entry;
  }
}
