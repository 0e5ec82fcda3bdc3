package dev.faultline.server.admin;

import dev.faultline.capture.CaptureStore;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.server.compare.Comparisons;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.contract.ContractDesk;
import dev.faultline.server.group.GroupResolution;
import dev.faultline.server.health.Health;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.Documents;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.Front;
import dev.faultline.server.http.Route;
import dev.faultline.server.http.RouteTable;
import dev.faultline.server.insight.Insight;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.log.Loggers;
import dev.faultline.server.release.AuditTrail;
import dev.faultline.server.release.Releases;
import dev.faultline.server.replay.Replays;
import dev.faultline.server.rollout.RolloutControl;
import dev.faultline.server.rollout.RolloutReports;
import dev.faultline.server.triton.RepositoryControl;
import dev.faultline.serving.model.ModelRepository;
import java.util.List;

/// Every route of the admin port, in one place. `openapi.json` beside this class describes the same, which a test compares.
public final class AdminRoutes implements AutoCloseable {
  static final String PREFIX = "/faultline/v1";

  private final RouteTable table;
  private final EventsEndpoint events;

  public AdminRoutes(
      Keeper keeper,
      FaultGroups groups,
      GroupResolution resolving,
      CaptureStore store,
      ModelRepository models,
      RepositoryControl repository,
      WorkerHouse house,
      Investigations investigations,
      Verdicts verdicts,
      Replays replays,
      Comparisons comparisons,
      ContractDesk contracts,
      Releases releases,
      AuditTrail audit,
      RolloutControl rollouts,
      RolloutReports reports,
      Insight insight,
      Health health,
      StatusEndpoint status,
      Endpoint metrics,
      AdminGuard guard) {
    var faults = new FaultsEndpoint(keeper, store, verdicts);
    var grouped = new GroupsEndpoint(groups, resolving, verdicts, insight.profiles());
    var inquiries = new InvestigationsEndpoint(investigations, groups);
    var captures = new CapturesEndpoint(store);
    var repeated = new ReplaysEndpoint(replays, groups, models);
    var compared = new ComparisonsEndpoint(comparisons);
    var agreed = new ContractsEndpoint(contracts);
    var versions = new ModelsEndpoint(models, repository, house, audit);
    var names = new NamesEndpoint(models, releases);
    var trail = new AuditEndpoint(audit);
    var releasing = new RolloutsEndpoint(rollouts, reports);
    var quarantine = new QuarantineEndpoint(models, house.journal());
    this.events = new EventsEndpoint(keeper, investigations, rollouts, reports);
    var profiles = new ProfilesEndpoint(insight.profiles(), insight.nodes(), models);
    var memory = new MemoryEndpoint(insight.memory(), models);
    var loggers = new LoggersEndpoint(new Loggers());
    var threads = new ThreadsEndpoint(insight.threads());
    List<Route> routes = List.of(
        Route.get(PREFIX + "/status", status::answer),
        Route.get(PREFIX + "/faults", faults::list),
        Route.get(PREFIX + "/faults/{id}", faults::one),
        Route.get(PREFIX + "/groups", grouped::list),
        Route.get(PREFIX + "/groups/{id}", grouped::one),
        Route.post(PREFIX + "/groups/{id}/resolve", Endpoint.answering(grouped::resolve)),
        Route.post(PREFIX + "/groups/{id}/reopen", Endpoint.answering(grouped::reopen)),
        Route.get(PREFIX + "/captures", captures::list),
        Route.get(PREFIX + "/captures/{id}", captures::one),
        Route.get(PREFIX + "/models", versions::list),
        Route.post(PREFIX + "/models/{model}/versions/{version}/load", Endpoint.answering(versions::load)),
        Route.post(PREFIX + "/models/{model}/versions/{version}/unload", Endpoint.answering(versions::unload)),
        Route.get(PREFIX + "/models/{model}/labels", names::show),
        put("/models/{model}/labels/{label}", names::label),
        delete("/models/{model}/labels/{label}", names::removeLabel),
        put("/models/{model}/default", names::setDefault),
        delete("/models/{model}/default", names::removeDefault),
        Route.post(PREFIX + "/models/{model}/promote", Endpoint.answering(names::promote)),
        Route.post(PREFIX + "/models/{model}/rollback", Endpoint.answering(names::rollBack)),
        Route.get(PREFIX + "/audit", trail::list),
        Route.get(PREFIX + "/rollouts", releasing::list),
        Route.post(PREFIX + "/rollouts", Endpoint.answering(releasing::start)),
        Route.get(PREFIX + "/rollouts/{id}", releasing::one),
        Route.post(PREFIX + "/rollouts/{id}/promote", Endpoint.answering(releasing::promote)),
        Route.post(PREFIX + "/rollouts/{id}/abort", Endpoint.answering(releasing::abort)),
        Route.post(PREFIX + "/rollouts/{id}/weight", Endpoint.answering(releasing::weigh)),
        Route.get(PREFIX + "/analysis", releasing::analysis),
        Route.get(PREFIX + "/quarantine", quarantine::list),
        new Route("DELETE", PREFIX + "/quarantine", Endpoint.answering(quarantine::clear)),
        Route.get(PREFIX + "/investigations", inquiries::list),
        Route.post(PREFIX + "/investigations", Endpoint.answering(inquiries::start)),
        Route.get(PREFIX + "/investigations/{id}", inquiries::one),
        new Route("DELETE", PREFIX + "/investigations/{id}", Endpoint.answering(inquiries::cancel)),
        Route.get(PREFIX + "/replays", repeated::list),
        Route.post(PREFIX + "/replays", Endpoint.answering(repeated::start)),
        Route.get(PREFIX + "/replays/{id}", repeated::one),
        new Route("DELETE", PREFIX + "/replays/{id}", Endpoint.answering(repeated::cancel)),
        Route.get(PREFIX + "/comparisons", compared::list),
        Route.post(PREFIX + "/comparisons", Endpoint.answering(compared::start)),
        Route.get(PREFIX + "/comparisons/{id}", compared::one),
        new Route("DELETE", PREFIX + "/comparisons/{id}", Endpoint.answering(compared::cancel)),
        Route.get(PREFIX + "/contracts", agreed::list),
        Route.post(PREFIX + "/contracts", Endpoint.answering(agreed::start)),
        Route.get(PREFIX + "/contracts/{id}", agreed::one),
        new Route("DELETE", PREFIX + "/contracts/{id}", Endpoint.answering(agreed::cancel)),
        Route.get(PREFIX + "/profiles", profiles::list),
        Route.post(PREFIX + "/profiles", Endpoint.answering(profiles::start)),
        Route.get(PREFIX + "/profiles/{id}", profiles::one),
        Route.get(PREFIX + "/profiles/{id}/flamegraph", profiles::flamegraph),
        Route.get(PREFIX + "/profiles/{id}/collapsed", profiles::collapsed),
        Route.get(PREFIX + "/profiles/{id}/recording", profiles::recording),
        Route.get(PREFIX + "/health", call -> health(call, health)),
        Route.get(PREFIX + "/threads", threads::dump),
        Route.get(PREFIX + "/memory", memory::show),
        Route.get(PREFIX + "/loggers", loggers::list),
        Route.get(PREFIX + "/loggers/{name}", loggers::one),
        put("/loggers/{name}", loggers::set),
        delete("/loggers/{name}", loggers::remove),
        new Route("GET", PREFIX + "/events", events),
        Route.get(PREFIX + "/openapi.json", _ -> Answer.ok(Documents.json(AdminRoutes.class, "openapi.json"))),
        new Route("GET", "/metrics", metrics));
    this.table = new RouteTable(routes.stream().map(guard::guarded).toList());
  }

  private static Answer health(Call call, Health health) {
    Query.none(call);
    return Json.answer(health.document());
  }

  private static Route put(String path, Endpoint.Answering answering) {
    return new Route("PUT", PREFIX + path, Endpoint.answering(answering));
  }

  private static Route delete(String path, Endpoint.Answering answering) {
    return new Route("DELETE", PREFIX + path, Endpoint.answering(answering));
  }

  public RouteTable table() {
    return table;
  }

  /// Ends what would keep the port open.
  @Override
  public void close() {
    events.close();
  }

  /// How the admin port words errors: as problems.
  public static final class Voice implements Front.Voice {
    @Override
    public Answer unknownPath(Call call) {
      return Answer.problem(404, "Not Found", "there is nothing at '" + call.path() + "' (expected: a path of " + PREFIX + "/openapi.json)");
    }

    @Override
    public Answer wrongMethod(Call call) {
      return Answer.problem(405, "Method Not Allowed", "'" + call.path() + "' is not for " + call.method());
    }

    @Override
    public Answer defect(Call call) {
      return Answer.problem(500, "Internal Server Error", "Faultline itself failed; this is a bug, the log has the stack trace under request " + call.ids().id());
    }
  }
}
