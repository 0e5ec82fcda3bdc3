package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Canaries over HTTP: who gets which version, what commands do, what is refused, and what a restart finds again.
class CanaryTest {
  private static final String API = "/faultline/v1/rollouts";

  @TempDir Path folder;

  @Test
  void aKeyStaysOnItsSideAndARampMovesKeysToTheCandidateOnly() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      String id = started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"steps\":[20,60],\"key\":\"X-User-Id\"}").path("id").asText();
      Map<String, String> at20 = versions(running);
      assertThat(versions(running)).as("sticky").isEqualTo(at20);
      assertThat(at20).containsValue("1").containsValue("2");
      command(running, id, "weight", "{\"weight\":60}");
      Map<String, String> at60 = versions(running);
      at20.forEach((user, version) -> {
        if (version.equals("2")) {
          assertThat(at60).as("at 60 %%, %s", user).containsEntry(user, "2");
        }
      });
      assertThat(at60.values().stream().filter("2"::equals).count()).isGreaterThan(at20.values().stream().filter("2"::equals).count());
    }
  }

  @Test
  void pinnedRequestsAreNotDrawn() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"steps\":[99.9]}");
      for (int i = 0; i < 20; i++) {
        assertThat(answering(running.infer(1, "Faultline-Version", "1"))).isEqualTo("1");
      }
      assertThat(rollouts(running).path(0).path("requests").path("baseline").asInt()).isZero();
    }
  }

  @Test
  void theSideIsInTheLogAndInTheCapture() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      String id = started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"steps\":[50]}").path("id").asText();
      running.infer(13);
      RunningServer.await("the request is kept", () -> captures(running).size() == 1);
      JsonNode capture = tree(running.getAdmin("/faultline/v1/captures/" + captures(running).path(0).path("id").asText()));
      assertThat(capture.path("passage").path("rollout").path("id").asText()).isEqualTo(id);
      assertThat(capture.path("passage").path("rollout").path("share").asDouble()).isEqualTo(.5);
      assertThat(capture.path("passage").path("rollout").path("arm").asText()).isEqualTo(capture.path("model").path("version").asText().equals("2") ? "candidate" : "baseline");
    }
  }

  @Test
  void promoteAndAbortEndItAndMoveTheNames() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      String first = started(running, "{\"model\":\"m\",\"candidate\":\"2\"}").path("id").asText();
      assertThat(rollout(running, first).path("baseline").asText()).as("the next below the highest").isEqualTo("1");
      assertThat(names(running).path("default").asText()).as("the baseline answers whoever is not drawn, also after a crash").isEqualTo("1");
      assertThat(names(running).path("labels").path("candidate").asText()).isEqualTo("2");
      assertRefused(post(running, "/faultline/v1/models/m/promote", "{\"version\":\"2\"}"), 409, "rollout " + first + " decides");
      JsonNode aborted = tree(command(running, first, "abort", ""));
      assertThat(aborted.path("state").asText()).isEqualTo("ABORTED");
      assertThat(aborted.path("weight").asDouble()).isZero();
      assertThat(names(running).path("labels")).isEmpty();
      assertThat(answering(running.infer(1))).isEqualTo("1");
      assertRefused(command(running, first, "promote", ""), 409, "is over: ABORTED");
      String second = started(running, "{\"model\":\"m\",\"candidate\":\"2\"}").path("id").asText();
      assertThat(tree(command(running, second, "promote", "")).path("state").asText()).isEqualTo("PROMOTED");
      assertThat(names(running).path("default").asText()).isEqualTo("2");
      assertThat(names(running).path("former_default").asText()).isEqualTo("1");
      assertThat(names(running).path("labels").path("stable").asText()).isEqualTo("2");
      assertThat(answering(running.infer(1))).isEqualTo("2");
      assertThat(tree(running.getAdmin("/faultline/v1/audit")).path("items").findValuesAsText("action")).containsExactly("rollout.promote", "rollout.start", "rollout.abort", "rollout.start");
      assertThat(rollouts(running).findValuesAsText("id")).containsExactly(second, first);
    }
  }

  @Test
  void aCandidateThatIsUnloadedEndsTheRolloutAndNoRequestFails() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      String id = started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"steps\":[90]}").path("id").asText();
      post(running, "/faultline/v1/models/m/versions/2/unload", "");
      for (int i = 0; i < 20; i++) {
        assertThat(answering(running.infer(1))).isEqualTo("1");
      }
      RunningServer.await("it is over", () -> rollout(running, id).path("state").asText().equals("ABORTED"));
      assertThat(rollout(running, id).path("reason").asText()).startsWith("the candidate, version 2, is not ready any more: it was unloaded");
    }
  }

  @Test
  void aRestartGoesOnWhereItWas() throws Exception {
    String id;
    Map<String, String> before;
    try (var running = new RunningServer(folder, Map.of())) {
      id = started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"steps\":[5,50],\"key\":\"X-User-Id\"}").path("id").asText();
      command(running, id, "weight", "{\"weight\":37.5}");
      before = versions(running);
    }
    try (var running = new RunningServer(folder, Map.of())) {
      JsonNode again = rollout(running, id);
      assertThat(again.path("state").asText()).isEqualTo("CANARY");
      assertThat(again.path("weight").asDouble()).isEqualTo(37.5);
      assertThat(again.path("requests").path("baseline").asInt() + again.path("requests").path("candidate").asInt()).isEqualTo(before.size());
      assertThat(versions(running)).isEqualTo(before);
    }
  }

  @Test
  void aRolloutInTheStateFileThatCannotBeReadIsForgottenAndTheServerStarts() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/state.json"), "{\"schema\":\"faultline/state.v1\",\"rollouts\":{\"rol_x\":{\"id\":\"rol_x\",\"plan\":{\"steps\":[5]},\"created_at\":\"yesterday\"}}}");
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(rollouts(running)).isEmpty();
      started(running, "{\"model\":\"m\",\"candidate\":\"2\"}");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
      {"model":"m"}                                                  | 400 | the request has no 'candidate'
      {"candidate":"2"}                                              | 400 | the request has no 'model'
      {"model":"m","candidate":"9"}                                  | 404 | model 'm' has no version '9' (expected: one of 1, 2)
      {"model":"mm","candidate":"2"}                                 | 404 | there is no model 'mm'
      {"model":"broken","candidate":"1"}                             | 409 | version 1 of 'broken' is not ready
      {"model":"m","candidate":"2","baseline":"2"}                   | 409 | version 2 of 'm' is in charge already
      {"model":"m","candidate":"2","steps":[]}                       | 400 | rising percentages
      {"model":"m","candidate":"2","steps":[5,5]}                    | 400 | rising percentages
      {"model":"m","candidate":"2","steps":[100]}                    | 400 | the first below 100
      {"model":"m","candidate":"2","steps":[0,5]}                    | 400 | rising percentages
      {"model":"m","candidate":"2","steps":["5"]}                    | 400 | a list of numbers
      {"model":"m","candidate":"2","steps":5}                        | 400 | a list of numbers
      {"model":"m","candidate":"2","shadow":1.5}                     | 400 | a number from 0 to 1
      {"model":"m","candidate":"2","shadow":0}                       | 400 | a share above 0
      {"model":"m","candidate":"2","min_requests":0}                 | 400 | a whole number from 1
      {"model":"m","candidate":"2","min_minutes":9,"max_minutes":2}  | 400 | 'min_minutes' is more than 'max_minutes'
      {"model":"m","candidate":"2","key":"X User"}                   | 400 | the name of a header
      {"model":"m","candidate":"2","stpes":[5]}                      | 400 | did you mean 'steps'?
      [1]                                                            | 400 | no JSON object
      """)
  void aPlanThatDoesNotFitIsRefusedWithTheReason(String plan, int status, String words) throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      assertRefused(post(running, API, plan), status, words);
      assertThat(rollouts(running)).isEmpty();
    }
  }

  @Test
  void oneRolloutOfAModelRunsAtATime() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      String id = started(running, "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":1}").path("id").asText();
      assertRefused(post(running, API, "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"shadow\":0.1}"), 409, "rollout " + id + " of 'm' is running");
      assertRefused(command(running, id, "weight", "{\"weight\":101}"), 400, "a number from 0 to 100");
      assertRefused(command(running, id, "weight", "{}"), 400, "has no 'weight'");
      assertRefused(running.getAdmin(API + "/rol_none"), 404, "there is no rollout 'rol_none'");
    }
  }

  @Test
  void analysisIsInconclusiveWhereThereIsNothingToSay() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      JsonNode data = tree(running.getAdmin("/faultline/v1/analysis?model=m&candidate=2&window=5m")).path("data");
      assertThat(data.path("ok").asBoolean(true)).isFalse();
      assertThat(data.path("verdict").asText()).isEqualTo("inconclusive");
      started(running, "{\"model\":\"m\",\"candidate\":\"2\"}");
      assertThat(tree(running.getAdmin("/faultline/v1/analysis?model=m&candidate=2&window=5m")).path("data").path("verdict").asText()).isEqualTo("inconclusive");
      assertRefused(running.getAdmin("/faultline/v1/analysis?model=m&window=soon"), 400, "a duration such as 5m");
    }
  }

  private static Map<String, String> versions(RunningServer running) throws Exception {
    var versions = new HashMap<String, String>();
    for (int i = 0; i < 60; i++) {
      versions.put("user-" + i, answering(running.infer(1, "X-User-Id", "user-" + i)));
    }
    return versions;
  }

  private static JsonNode started(RunningServer running, String plan) throws Exception {
    HttpResponse<String> answer = post(running, API, plan);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Location").orElse("")).isEqualTo(API + "/" + tree(answer).path("id").asText());
    return tree(answer);
  }

  private static HttpResponse<String> command(RunningServer running, String id, String verb, String body) throws Exception {
    return post(running, API + "/" + id + "/" + verb, body);
  }

  private static JsonNode rollout(RunningServer running, String id) {
    return get(running, API + "/" + id);
  }

  private static JsonNode rollouts(RunningServer running) {
    return get(running, API).path("items");
  }

  private static JsonNode captures(RunningServer running) {
    return get(running, "/faultline/v1/captures").path("items");
  }

  private static JsonNode names(RunningServer running) {
    return get(running, "/faultline/v1/models/m/labels");
  }

  private static JsonNode get(RunningServer running, String path) {
    try {
      return tree(running.getAdmin(path));
    } catch (Exception e) {
      throw new AssertionError(path, e);
    }
  }

  private static HttpResponse<String> post(RunningServer running, String path, String body) throws Exception {
    HttpRequest request = RunningServer.builder(running.admin(path)).POST(BodyPublishers.ofString(body)).build();
    return running.send(request);
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String words) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  private static String answering(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return tree(answer).path("model_version").asText();
  }

  private static JsonNode tree(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }
}
