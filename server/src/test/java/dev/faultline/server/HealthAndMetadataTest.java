package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthAndMetadataTest {
  private RunningServer running;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of());
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      /v2/health/live                    | 200 | {"live":true}
      /v2/health/ready                   | 200 | {"live":true,"ready":true}
      /v2/models                         | 200 | {"models":["broken","m","with space"]}
      /v2/models/m                       | 200 | {"name":"m","versions":["1","2"],"platform":"fake_double","inputs":[{"name":"x","datatype":"FP32","shape":[-1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1]}]}
      /v2/models/m/versions/1            | 200 | {"name":"m","versions":["1","2"],"platform":"fake_double","inputs":[{"name":"x","datatype":"FP32","shape":[-1]}],"outputs":[{"name":"y","datatype":"FP32","shape":[-1]}]}
      /v2/models/m/ready                 | 200 | {"name":"m","ready":true}
      /v2/models/m/versions/2/ready      | 200 | {"name":"m","ready":true}
      /v2/models/with%20space/ready      | 200 | {"name":"with space","ready":true}
      /v2/models/broken/ready            | 503 | {"name":"broken","ready":false,"reason":"model 'broken' version 1 is not ready: the file holds no model (expected: one)"}
      /v2/models/broken                  | 503 | {"error":"model 'broken' version 1 is not ready: the file holds no model (expected: one)"}
      /v2/models/with%20spaces           | 404 | {"error":"there is no model 'with spaces'; did you mean 'with space'?"}
      /v2/models/zebra/ready             | 404 | {"error":"there is no model 'zebra'"}
      /v2/models/m/versions/3            | 404 | {"error":"model 'm' has no version '3' (expected: one of 1, 2)"}
      /v1/models                         | 200 | {"models":["broken","m","with space"]}
      /v1/models/m                       | 200 | {"name":"m","ready":true}
      /v3                                | 404 | {"error":"there is nothing at '/v3' (expected: a path of /openapi.json, such as /v2/models)"}
      /v2/models/m/infer                 | 405 | {"error":"Method Not Allowed"}
      """)
  void everyQuestionHasItsAnswer(String path, int status, String body) throws Exception {
    HttpResponse<String> answer = running.get(path);

    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"/v2", "/v2/"})
  void theServerSaysWhatItIs(String path) throws Exception {
    assertThat(running.get(path).body()).startsWith("{\"name\":\"faultline\",\"version\":\"0.").contains("\"extensions\":[");
  }

  @Test
  void aWrongMethodNamesTheRightOnes() throws Exception {
    HttpResponse<String> wrong = running.send(RunningServer.builder(running.uri("/v2/models")).DELETE().build());

    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(running.get("/v2/models/m/infer").headers().firstValue("allow")).hasValue("POST");
  }

  @Test
  void headIsGetWithoutTheBody() throws Exception {
    HttpRequest head = RunningServer.builder(running.uri("/v2/health/ready")).method("HEAD", BodyPublishers.noBody()).build();

    assertThat(running.send(head).statusCode()).isEqualTo(200);
    assertThat(running.send(head).body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      GET /v2 HTTP/1.1\\r\\n\\r\\n                                | 400
      GET /v2 HTTP/1.1\\r\\nHost: a\\r\\nbad header\\r\\n\\r\\n   | 400
      NONSENSE\\r\\n\\r\\n                                        | 400
      """)
  void whatIsNotHttpGetsAJsonErrorWithAnId(String request, int status) throws Exception {
    try (var caller = new RawCaller(running.server.ports().http())) {
      String answer = caller.write(request.replace("\\r\\n", "\r\n")).answer();

      assertThat(answer).startsWith("HTTP/1.1 " + status).contains("Content-Type: application/json\r\n", "X-Request-Id: ");
      assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).matches("\\{\"error\":\".*\"}").doesNotContain("Exception");
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  @Test
  void bothPortsServeMetrics() throws Exception {
    running.infer(1);

    assertThat(running.get("/metrics").body()).contains("faultline_requests_total{model=\"m\",outcome=\"served\"");
    assertThat(running.getAdmin("/metrics").body()).contains("faultline_build_info");
  }
}
