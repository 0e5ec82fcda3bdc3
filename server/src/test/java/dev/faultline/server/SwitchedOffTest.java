package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.log.RequestLog;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// What is switched off leaves no trace and promises none.
class SwitchedOffTest {
  @TempDir Path folder;

  @Test
  void withoutCapturesAFaultNamesNone() throws Exception {
    try (var running = new RunningServer(folder, Map.of("capture.enabled", "false"))) {
      HttpResponse<String> answer = running.infer(13);
      String id = answer.headers().firstValue("Faultline-Fault").orElseThrow().replaceFirst(".*id=(flt_[^,]*).*", "$1");

      JsonNode fault = new ObjectMapper().readTree(running.getAdmin("/faultline/v1/faults/" + id).body());

      assertThat(fault.path("code").asText()).isEqualTo("infer.failed");
      assertThat(fault.path("request").path("capture").asText("")).isEmpty();
      assertThat(running.getAdmin("/faultline/v1/captures").body()).contains("\"items\":[]");
    }
  }

  @Test
  void theLogHasOnlyTheRequestsThatAreWanted() throws Exception {
    assertThat(requestLevels("all")).containsExactly(Level.INFO, Level.ERROR);
    assertThat(requestLevels("faults")).containsExactly(Level.ERROR);
    assertThat(requestLevels("off")).isEmpty();
  }

  private List<Level> requestLevels(String wanted) throws Exception {
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    var log = (Logger) LoggerFactory.getLogger(RequestLog.LOGGER);
    Level before = log.getEffectiveLevel();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
    try (var running = new RunningServer(folder, Map.of("log.requests", wanted, "data", wanted))) {
      running.infer(1);
      running.infer(13);
      return lines.list.stream().map(ILoggingEvent::getLevel).toList();
    } finally {
      log.detachAppender(lines);
      log.setLevel(before);
    }
  }
}
