package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminApiTest {
  private static final String API = "/faultline/v1";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunningServer running;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of());
    for (int i = 0; i < 5; i++) {
      running.infer(13);
    }
    running.post("/v2/models/m/versions/1/infer", RunningServer.body(13));
    running.post("/v2/models/m/infer", "nonsense");
    running.post("/v2/models/none/infer", RunningServer.body(1));
    running.infer(1);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void capturesAreListedWithTheirPayloadsWhereThatIsAskedFor() throws Exception {
    // captures are written behind the answers
    RunningServer.await("a fault's request is kept", this::hasKeptFaults);
    JsonNode whole = json("/captures?kind=FAULT&detail=whole");
    assertThat(whole.path("items")).isNotEmpty().allMatch(capture -> capture.path("payload").path("data").isTextual());
    assertThat(json("/captures?kind=FAULT").path("items")).isNotEmpty().allMatch(capture -> capture.path("payload").isMissingNode());
    assertThat(running.getAdmin(API + "/captures?detail=everything").statusCode()).isEqualTo(400);
  }

  @Test
  void statusSaysWhereRequestsGo() throws Exception {
    assertThat(json("/status").path("data_url").asText()).isEqualTo("http://127.0.0.1:" + running.server.ports().http());
  }

  @Test
  void faultsAreThereTheMomentTheirAnswerIsSent() throws Exception {
    HttpResponse<String> answer = running.infer(13);
    String id = answer.headers().firstValue("faultline-fault").orElse("").replaceFirst("id=(\\w+),.*", "$1");

    JsonNode fault = json("/faults/" + id);

    assertThat(fault.path("schema").asText()).isEqualTo("faultline/fault.v1");
    assertThat(fault.path("code").asText()).isEqualTo("infer.failed");
    assertThat(fault.path("request").path("id").asText()).isEqualTo(answer.headers().firstValue("x-request-id").orElse("-"));
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("group=" + fault.path("group").asText());
    assertThat(json("/faults?limit=1").path("items").get(0).path("id").asText()).isEqualTo(id);
  }

  @Test
  void pagesOfFaultsHoldEachOnce() throws Exception {
    var ids = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = json("/faults?limit=3" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      assertThat(page.path("items").size()).isLessThanOrEqualTo(3);
      page.path("items").forEach(item -> ids.add(item.path("id").asText()));
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty() && !cursor.equals("null"));

    assertThat(ids).hasSizeGreaterThanOrEqualTo(8);
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
  }

  @ParameterizedTest
  @CsvSource({"code=decode.json, 1", "version=1, 1", "code=route.model_not_found, 1", "stage=DECODE, 1", "suspicion=true, 0", "code=no.such, 0", "until=2020-01-01T00:00:00Z, 0"})
  void faultsCanBeFiltered(String filter, int count) throws Exception {
    assertThat(json("/faults?" + filter).path("items").size()).isEqualTo(count);
  }

  @Test
  void groupsCountTheirFaults() throws Exception {
    JsonNode group = json("/groups?code=route.model_not_found").path("items").get(0);

    assertThat(group.path("count").asInt()).isEqualTo(1);
    ObjectNode one = (ObjectNode) json("/groups/" + group.path("id").asText());
    assertThat(one.has("verdict") && one.has("profiles")).isTrue();
    one.remove(List.of("verdict", "profiles"));
    assertThat(one).isEqualTo(group);
    assertThat(json("/faults?group=" + group.path("id").asText()).path("items").size()).isEqualTo(1);
  }

  @Test
  void capturesHoldTheRequestAsItArrived() throws Exception {
    RunningServer.await("the capture is stored", () -> size("/captures?code=decode.json") == 1);
    JsonNode capture = json("/captures?code=decode.json").path("items").get(0);
    String id = capture.path("id").asText();

    assertThat(json("/captures/" + id).path("payload").path("data").asText()).isEqualTo("nonsense");
    HttpResponse<String> raw = running.getAdmin(API + "/captures/" + id + "?payload=raw");
    assertThat(raw.body()).isEqualTo("nonsense");
    assertThat(raw.headers().firstValue("content-type")).hasValue("application/octet-stream");
    String faultId = capture.path("faults").get(0).path("id").asText();
    assertThat(json("/faults/" + faultId).path("request").path("capture").asText()).isEqualTo(id);
  }

  @Test
  void modelsSayTheirStateAndWhy() throws Exception {
    JsonNode models = json("/models").path("items");

    assertThat(models.findValuesAsText("name")).startsWith("broken");
    assertThat(models.get(0).path("state").asText()).isEqualTo("UNAVAILABLE");
    assertThat(models.get(0).path("reason").asText()).isEqualTo("the file holds no model (expected: one)");
    assertThat(models.get(0).path("code").asText()).isEqualTo("load.invalid");
    assertThat(models.get(1).path("limits").path("instances").asInt()).isEqualTo(1);
    assertThat(models.get(1).path("digest").asText()).startsWith("sha256:");
    assertThat(json("/models?model=m").path("items").size()).isEqualTo(2);
  }

  @Test
  void aVersionIsUnloadedAndLoadedAgain(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of())) {
      assertThat(post(one, "/models/m/versions/2/unload").body()).contains("\"state\":\"UNAVAILABLE\"");
      assertThat(one.infer(1).body()).contains("\"model_version\":\"1\"");
      assertThat(post(one, "/models/m/versions/2/load").body()).contains("\"state\":\"READY\"");
      assertThat(one.infer(1).body()).contains("\"model_version\":\"2\"");
      assertThat(post(one, "/models/broken/versions/1/load").statusCode()).isEqualTo(409);
      assertThat(post(one, "/models/m/versions/7/load").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      /faults?modle=m            | 400 | there is no parameter 'modle' (did you mean 'model'?)
      /faults?limit=0            | 400 | parameter 'limit' is '0' (expected: 1 to 1000)
      /faults?limit=1001         | 400 | parameter 'limit' is '1001' (expected: 1 to 1000)
      /faults?since=yesterday    | 400 | parameter 'since' is 'yesterday' (expected: a time such as 2026-11-23T10:04:11Z)
      /faults?model=a&model=b    | 400 | parameter 'model' is given 2 times (expected: once)
      /faults?cursor=x           | 400 | parameter 'cursor' is 'x' (expected: the 'next' of the page before)
      /faults?suspicion=maybe    | 400 | parameter 'suspicion' is 'maybe' (expected: true or false)
      /captures?nod=x            | 400 | there is no parameter 'nod' (did you mean 'node'?)
      /status?x=1                | 400 | there is no parameter 'x' (expected: none)
      /faults/flt_0              | 404 | there is no fault 'flt_0' (expected: an id such as flt_01JDA3X9M4Q8T2; old ones go with their captures)
      /groups/FL-0               | 404 | there is no group 'FL-0' (expected: an id such as FL-17)
      /captures/cap_0            | 404 | there is no capture 'cap_0' (expected: an id such as cap_...; old ones make room)
      /nothing                   | 404 | there is nothing at '/faultline/v1/nothing' (expected: a path of /faultline/v1/openapi.json)
      """)
  void errorsAreProblemsThatNameTheMend(String path, int status, String detail) throws Exception {
    HttpResponse<String> answer = running.getAdmin(API + path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    JsonNode problem = MAPPER.readTree(answer.body());
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).isEqualTo(detail);
  }

  @Test
  void theStatusSaysHowFullEverythingIs() throws Exception {
    JsonNode status = json("/status");

    assertThat(status.path("phase").asText()).isEqualTo("READY");
    assertThat(status.path("models").path("READY").asInt()).isEqualTo(3);
    assertThat(status.path("captures").path("bytes_max").asLong()).isPositive();
    assertThat(status.path("engine").asText()).isEqualTo("fake/1");
  }

  @Test
  void eventsTellOfFaultsWhileTheyHappenAndEndWithTheServer(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of()); var client = HttpClient.newHttpClient()) {
      var stream = client.send(RunningServer.builder(one.admin(API + "/events")).build(), BodyHandlers.ofInputStream());
      assertThat(stream.headers().firstValue("content-type")).hasValue("text/event-stream");
      try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).startsWith(":");
        one.infer(13);
        List<String> event = new ArrayList<>();
        for (String line = lines.readLine(); event.size() < 3; line = lines.readLine()) {
          if (!line.isEmpty()) {
            event.add(line);
          }
        }
        assertThat(event.get(0)).startsWith("id: flt_");
        assertThat(event.get(1)).isEqualTo("event: fault");
        assertThat(event.get(2)).startsWith("data: {\"schema\":\"faultline/fault.v1\"");
        one.server.stop();
        assertThat(lines.lines().toList()).allMatch(line -> line.isEmpty() || line.startsWith(":"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Origin: https://evil.example", "Host: evil.example"})
  void pagesOfABrowserAreRefused(String header) throws Exception {
    try (var caller = new RawCaller(running.server.ports().admin())) {
      String host = header.startsWith("Host") ? "" : "Host: localhost\r\n";
      assertThat(caller.write("GET " + API + "/faults HTTP/1.1\r\n" + host + header + "\r\n\r\n").answer()).startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void withATokenOnlyThoseWhoKnowItAreLetIn(@TempDir Path folder) throws Exception {
    try (var one = new RunningServer(folder, Map.of("admin.token", "open sesame"))) {
      HttpResponse<String> refused = one.getAdmin(API + "/status", "Authorization", "Bearer guess");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer realm=\"faultline\"");
      assertThat(one.getAdmin(API + "/status", "Authorization", "Bearer open sesame").statusCode()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> post(RunningServer running, String path) throws Exception {
    return running.send(RunningServer.builder(running.admin(API + path)).POST(BodyPublishers.noBody()).build());
  }

  private int size(String path) {
    try {
      return json(path).path("items").size();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean hasKeptFaults() {
    try {
      return !json("/captures?kind=FAULT").path("items").isEmpty();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = running.getAdmin(API + path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }
}
