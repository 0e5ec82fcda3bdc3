package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose the memory of a running server is, over its admin API.
class MemoryTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int BYTES = 32 << 20;

  @TempDir Path folder;

  @Test
  void memoryIsToldByOwnerAndGrowsWithWhatIsTaken() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      JsonNode before = memory(running, "");
      ByteBuffer held = ByteBuffer.allocateDirect(BYTES);
      JsonNode after = memory(running, "");
      assertThat(direct(after) - direct(before)).isGreaterThanOrEqualTo(held.capacity());
      assertThat(after.path("heap").path("used_bytes").asLong()).isPositive();
      assertThat(after.path("versions")).extracting(each -> each.path("model").asText() + "/" + each.path("version").asText() + " " + each.path("weights_bytes").asLong())
          .contains("m/1 4", "m/2 4");
      assertThat(after.path("notes").toString()).contains("engine_and_other_bytes is what is left");
    }
  }

  @Test
  void oneModelCanBeAskedForAndAnUnknownOneIsNotFound() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(memory(running, "?model=m").path("versions")).hasSize(2);
      assertThat(running.getAdmin("/faultline/v1/memory?model=zebra").statusCode()).isEqualTo(404);
    }
  }

  private static long direct(JsonNode memory) {
    for (JsonNode each : memory.path("buffers")) {
      if (each.path("name").asText().equals("direct")) {
        return each.path("bytes").asLong();
      }
    }
    throw new AssertionError("no direct buffers in " + memory);
  }

  private static JsonNode memory(RunningServer running, String query) throws Exception {
    return MAPPER.readTree(running.getAdmin("/faultline/v1/memory" + query).body());
  }
}
