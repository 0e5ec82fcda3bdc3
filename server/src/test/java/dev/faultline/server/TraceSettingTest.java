package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceSettingTest {
  private static final String SETTING = "/v2/models/m/trace/setting";
  private static final int SAMPLE = 20;

  @TempDir Path folder;

  @Test
  void tensorsKeepsTheNextRequestsWholeAndNoMore() throws Exception {
    try (var running = new RunningServer(folder, Map.of("capture.sample_per_second", "0"))) {
      infer(running, SAMPLE + 5);
      assertThat(change(running, "{\"trace_level\":[\"TENSORS\"],\"trace_count\":\"3\",\"trace_rate\":\"2\"}").path("trace_count").asText()).isEqualTo("3");
      infer(running, 4);
      assertThat(setting(running).path("trace_count").asText()).isEqualTo("1");
      infer(running, 4);
      assertThat(setting(running).path("trace_count").asText()).isEqualTo("0");
      assertThat(setting(running).path("trace_level").get(0).asText()).isEqualTo("TENSORS");
      running.post("/v2/models/m/infer", "the last one");
      RunningServer.await("everything is stored", () -> captures(running, "FAULT") == 1);
      assertThat(captures(running, "BASELINE")).isEqualTo(SAMPLE + 3);
    }
  }

  @Test
  void aModelFollowsTheServersSettingUntilItHasItsOwn() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(new ObjectMapper().readTree(running.post("/v2/trace/setting", "{\"trace_rate\":\"7\"}").body()).path("trace_rate").asText()).isEqualTo("7");
      assertThat(setting(running).path("trace_rate").asText()).isEqualTo("7");
      assertThat(change(running, "{\"trace_rate\":9}").path("trace_rate").asText()).isEqualTo("9");
      assertThat(change(running, "{\"trace_rate\":null}").path("trace_rate").asText()).isEqualTo("7");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {"trace_level":["TIMESTAMPS"]}    | 501 | Server-Timing
      {"trace_level":["OFF","TENSORS"]} | 400 | expected: OFF alone
      {"trace_level":["MAX"]}           | 400 | there is no trace level 'MAX'
      {"trace_rate":"0"}                | 400 | expected: a whole number from 1
      {"trace_count":"many"}            | 400 | expected: a whole number from -1
      {"trace_file":"/tmp/t.json"}      | 501 | faultline captures
      {"trace_colour":"red"}            | 400 | there is no trace setting 'trace_colour'
      """)
  void whatCannotBeSetIsRefusedAndNothingChanges(String body, int status, String sentence) throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      JsonNode before = setting(running);
      HttpResponse<String> answer = running.post(SETTING, body);
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).contains(sentence);
      assertThat(setting(running)).isEqualTo(before);
    }
  }

  @Test
  void whereNothingIsCapturedTensorsCannotBeTraced() throws Exception {
    try (var running = new RunningServer(folder, Map.of("capture.enabled", "false"))) {
      HttpResponse<String> answer = running.post(SETTING, "{\"trace_level\":[\"TENSORS\"]}");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("capture.enabled");
    }
  }

  private static void infer(RunningServer running, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(running.infer(i + 1_000).statusCode()).isEqualTo(200);
    }
  }

  private static JsonNode change(RunningServer running, String body) throws Exception {
    HttpResponse<String> answer = running.post(SETTING, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static JsonNode setting(RunningServer running) throws Exception {
    return new ObjectMapper().readTree(running.get(SETTING).body());
  }

  private static long captures(RunningServer running, String kind) {
    try {
      JsonNode items = new ObjectMapper().readTree(running.getAdmin("/faultline/v1/captures?limit=200").body()).path("items");
      return items.valueStream().filter(item -> item.path("kind").asText().equals(kind)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
