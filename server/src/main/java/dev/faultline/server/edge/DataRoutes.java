package dev.faultline.server.edge;

import dev.faultline.protocol.GenerateFromResponse.Form;
import dev.faultline.protocol.Labels;
import dev.faultline.protocol.MetadataJson;
import dev.faultline.request.Protocol;
import dev.faultline.server.health.Health;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Documents;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.Front;
import dev.faultline.server.http.Route;
import dev.faultline.server.http.RouteTable;
import dev.faultline.server.triton.Extensions;
import dev.faultline.server.triton.TritonExtensions;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.model.ModelRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Every route of the data port, in one place. `openapi.json` beside this class describes the same, which a test compares.
public final class DataRoutes {
  private DataRoutes() {}

  /// Bounds on request bodies, and on how many requests are under way at once.
  public record Bounds(long payloadMaxBytes, Duration bodyTimeout, int requestsMax) {}

  public static RouteTable table(
      Dispatcher dispatcher,
      ModelRepository repository,
      Arrivals arrivals,
      OutcomeAnswers answers,
      Bounds bounds,
      Health health,
      Endpoint metrics,
      TritonExtensions triton,
      Labels labels,
      String productVersion) {
    var parts = InferEndpoint.Parts.of(
        dispatcher, arrivals, answers, new InferEndpoint.Bounds(bounds.payloadMaxBytes(), bounds.bodyTimeout(), bounds.requestsMax()));
    var v2 = new V2Codec(repository, labels);
    var infer = new InferEndpoint(parts, Protocol.V2_REST, v2);
    var generate = new GenerateEndpoint(parts, v2, Form.DOCUMENT);
    var generateStream = new GenerateEndpoint(parts, v2, Form.EVENT);
    var predict = new InferEndpoint(parts, Protocol.V1_REST, new V1Codec(repository));
    var models = new ModelEndpoints(repository);
    var healthy = new HealthEndpoints(health);
    // before the others, because a model's name would match 'stats'
    var routes = new ArrayList<>(new TritonEndpoints(triton).routes());
    routes.addAll(List.of(
        Route.post("/v2/models/{model}/infer", infer),
        Route.post("/v2/models/{model}/versions/{version}/infer", infer),
        Route.post("/v2/models/{model}/generate", generate),
        Route.post("/v2/models/{model}/versions/{version}/generate", generate),
        Route.post("/v2/models/{model}/generate_stream", generateStream),
        Route.post("/v2/models/{model}/versions/{version}/generate_stream", generateStream),
        Route.get("/v2/health/live", _ -> Answer.ok(MetadataJson.live())),
        Route.get("/v2/health/ready", healthy::server),
        Route.get("/v2", _ -> Answer.ok(MetadataJson.server(productVersion, Extensions.LISTED))),
        Route.get("/v2/models", models::list),
        Route.get("/v2/models/{model}", models::metadata),
        Route.get("/v2/models/{model}/ready", call -> models.ready(call, healthy::model)),
        Route.get("/v2/models/{model}/versions/{version}", models::metadata),
        Route.get("/v2/models/{model}/versions/{version}/ready", call -> models.ready(call, healthy::model)),
        Route.post("/v1/models/{model}:predict", predict),
        Route.get("/v1/models", models::list),
        Route.get("/v1/models/{model}", call -> models.ready(call, healthy::model)),
        new Route("GET", "/metrics", metrics),
        Route.get("/openapi.json", _ -> Answer.ok(Documents.json(DataRoutes.class, "openapi.json")))));
    return new RouteTable(routes);
  }

  /// How the data port words errors: as inference clients read them.
  public static final class Voice implements Front.Voice {
    @Override
    public Answer unknownPath(Call call) {
      return Answer.error(404, "there is nothing at '" + call.path() + "' (expected: a path of /openapi.json, such as /v2/models)");
    }

    @Override
    public Answer wrongMethod(Call call) {
      return Answer.error(405, "Method Not Allowed");
    }

    @Override
    public Answer defect(Call call) {
      return Answer.error(500, "Faultline itself failed; this is a bug, the log has the stack trace under request " + call.ids().id());
    }
  }
}
