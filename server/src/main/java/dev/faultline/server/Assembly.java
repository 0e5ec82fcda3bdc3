package dev.faultline.server;

import dev.faultline.capture.CapturePolicy;
import dev.faultline.capture.CaptureQueue;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.DuckDbCaptureStore;
import dev.faultline.capture.MemoryCaptureStore;
import dev.faultline.capture.StoreLimits;
import dev.faultline.isolation.Tools;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.protocol.FaultContext;
import dev.faultline.request.OutcomeListener;
import dev.faultline.rollout.CanaryRouter;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.ShadowRunner;
import dev.faultline.server.admin.AdminGuard;
import dev.faultline.server.admin.AdminRoutes;
import dev.faultline.server.admin.DeclaredPlans;
import dev.faultline.server.admin.StatusEndpoint;
import dev.faultline.server.alert.Alerts;
import dev.faultline.server.alert.GroupNews;
import dev.faultline.server.alert.RolloutEvents;
import dev.faultline.server.compare.Comparisons;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.server.config.ServerConfig.MetricsCompat;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.server.contain.WorkerStanding;
import dev.faultline.server.contract.ContractDesk;
import dev.faultline.server.contract.Contracts;
import dev.faultline.server.edge.Arrivals;
import dev.faultline.server.edge.DataRoutes;
import dev.faultline.server.edge.OutcomeAnswers;
import dev.faultline.server.group.GroupResolution;
import dev.faultline.server.health.ErrorRates;
import dev.faultline.server.health.Health;
import dev.faultline.server.http.Endpoint;
import dev.faultline.server.http.Front;
import dev.faultline.server.http.HttpPorts;
import dev.faultline.server.http.RequestIds;
import dev.faultline.server.http.RouteTable;
import dev.faultline.server.insight.Insight;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.ModelReplayer;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import dev.faultline.server.keep.KeptGroups;
import dev.faultline.server.keep.NodeFinder;
import dev.faultline.server.keep.Redactions;
import dev.faultline.server.log.PayloadPolicy;
import dev.faultline.server.log.RequestLog;
import dev.faultline.server.memory.MemoryUse;
import dev.faultline.server.metrics.Meters;
import dev.faultline.server.metrics.MetricsEndpoint;
import dev.faultline.server.metrics.OutcomeMeter;
import dev.faultline.server.telemetry.Otlp;
import dev.faultline.server.telemetry.Telemetry;
import dev.faultline.server.telemetry.TelemetryEnvironment;
import dev.faultline.server.grpc.GrpcAnswers;
import dev.faultline.server.grpc.GrpcCallers;
import dev.faultline.server.grpc.GrpcCodec;
import dev.faultline.server.grpc.GrpcPort;
import dev.faultline.server.grpc.InferCalls;
import dev.faultline.server.grpc.InferenceService;
import dev.faultline.server.grpc.PlainCalls;
import dev.faultline.server.nodes.NodeTimes;
import dev.faultline.server.release.AuditTrail;
import dev.faultline.server.release.Releases;
import dev.faultline.server.release.StateFile;
import dev.faultline.server.replay.KeptTraffic;
import dev.faultline.server.replay.Replays;
import dev.faultline.server.rollout.DeclaredRollouts;
import dev.faultline.server.rollout.FaultFindings;
import dev.faultline.server.rollout.MirroredRequests;
import dev.faultline.server.rollout.RolloutCauses;
import dev.faultline.server.rollout.RolloutControl;
import dev.faultline.server.rollout.RolloutReports;
import dev.faultline.server.rollout.ShadowCopies;
import dev.faultline.server.rollout.ShadowFindings;
import dev.faultline.server.profile.InnerPlaces;
import dev.faultline.server.profile.AutoProfiles;
import dev.faultline.server.profile.Profiles;
import dev.faultline.server.profile.Samplers;
import dev.faultline.server.profile.StageTimes;
import dev.faultline.server.threads.BusyThreads;
import dev.faultline.server.threads.ThreadDump;
import dev.faultline.server.triton.LabelFiles;
import dev.faultline.server.triton.LogControl;
import dev.faultline.server.triton.MachineLoad;
import dev.faultline.server.triton.ModelLookup;
import dev.faultline.server.triton.RepositoryControl;
import dev.faultline.server.triton.StageClock;
import dev.faultline.server.triton.TraceControl;
import dev.faultline.server.triton.TritonCollector;
import dev.faultline.server.triton.TritonExtensions;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.OccurrenceIds;
import dev.faultline.serving.Pipeline;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.RepositoryScanner;
import dev.faultline.serving.model.VersionNames;
import dev.faultline.serving.route.RepositoryRouter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every `new` of the product in reading order: the architecture diagram that compiles. Longer than most files because it is the one
/// place that knows all the others.
final class Assembly {
  private static final Logger MODELS_LOG = LoggerFactory.getLogger(ModelRepository.class);
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);
  private static final List<String> LOGGERS = List.of("dev.faultline", RequestLog.LOGGER);

  private final String host;
  final DataFolder data;
  final WorkerHouse house;
  final CaptureStore store;
  final KeptGroups keptGroups;
  final CaptureQueue captures;
  final ModelRepository models;
  final ModelLoading loading;
  final Releases releases;
  final RolloutControl rollout;
  private final ShadowRunner shadows;
  final Keeper keeper;
  final Investigations investigations;
  final Replays replays;
  final Comparisons comparisons;
  private final Contracts contracts;
  final Dispatcher dispatcher;
  final Insight insight;
  final RouteTable dataRoutes;
  final AdminRoutes admin;
  final HttpPorts ports;
  private final Alerts alerts;
  private final RolloutEvents events;
  private final Telemetry telemetry;
  private final String externalUrl;
  final GrpcPort grpc;

  /// `freeLogPlaces` says how many more lines the log takes, `environment` where telemetry goes.
  ///
  /// @throws IOException when the data folder or a port cannot be had
  /// @throws IllegalArgumentException when a model repository does not exist, or the environment cannot be followed
  Assembly(ServerConfig config, Furnishing furnishing, Life life, IntSupplier freeLogPlaces, TelemetryEnvironment environment) throws IOException {
    // time and chance; nothing further in reads a clock of its own
    InstantSource clock = InstantSource.system();
    LongSupplier nanoClock = System::nanoTime;
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    Product product = Product.read();
    String engine = furnishing.backend().engine();
    Instant startedAt = clock.instant();

    // what can be missing is looked for before anything is opened
    host = config.server().host();
    data = DataFolder.at(config.dataDir());
    var dataAddress = new HttpPorts.Address(config.server().host(), config.server().port(), "server.port");
    var adminAddress = new HttpPorts.Address(config.admin().host(), config.server().adminPort(), "server.admin_port");
    var grpcAddress = new HttpPorts.Address(config.server().host(), config.server().grpcPort(), "server.grpc_port");
    List<RolloutPlan> plans = DeclaredPlans.of(config.rollouts());
    HttpPorts.requireFree(dataAddress, adminAddress, grpcAddress);
    var state = StateFile.open(data.stateFile());
    var audit = AuditTrail.open(data.auditFile(), clock);

    // traces, metrics and logs to where the environment says
    var meters = new Meters();
    telemetry = environment.isOn() ? Otlp.start(environment, sources(config, meters, product, clock)) : Telemetry.OFF;
    meters.watchTelemetry(telemetry::items);

    // where models run: in this process, or in one of their own
    house = new WorkerHouse(furnishing.backend(), furnishing.census(), config.workers(), data.path(), clock, nanoClock);

    // models
    var loader = new ModelLoader(house.backend(), furnishing.settings(), furnishing.validators(), furnishing.checkers(), limits(config), nanoClock);
    models = new ModelRepository(loader, Assembly::log, nanoClock, new VersionNames());
    var scanner = new RepositoryScanner(config.modelName());
    loading = new ModelLoading(config.modelDirs(), scanner, models);

    // what versions are called, and who changed it
    releases = new Releases(models, state, audit);
    var rollouts = new Rollouts();

    // what is kept; the store opens in the background
    store = store(config, data, clock);
    captures = new CaptureQueue(store, queueLimits(config));
    var groups = new FaultGroups();
    keptGroups = new KeptGroups(groups, store);

    // who hears of outcomes
    var listeners = new ArrayList<OutcomeListener>();
    var redactions = new Redactions(config.redaction().fields(), config.redaction().headers(), models);
    var nodes = new NodeFinder(models, redactions, house.backend(), data.scratch(), nanoClock);
    var lookup = new ModelLookup(models);
    var trace = new TraceControl(lookup, config.capture().kept().isOn());
    keeper = new Keeper(groups, policy(config, trace), captures, redactions, nodes, Environment.json(product, engine), nanoClock, random);
    listeners.add(keeper);
    var requestLog = new RequestLog(config.log().requests(), payloads(config, nanoClock), config.log().payloadBytesMax(), redactions::payload, freeLogPlaces);
    listeners.add(requestLog);
    var rates = new ErrorRates(new ErrorRates.Rules(config.health().degradedRate(), config.health().degradedRequestsMin()), nanoClock);
    listeners.add(rates);
    var health = new Health(() -> life.phase().name(), life::isReady, life::isLeaving, models, config.health().required(), rates);
    meters.watchHealth(models::list, rates);
    var stageTimes = new StageTimes();
    listeners.add(stageTimes);
    meters.watchModels(models::list);
    meters.watchBatches(models::list);
    meters.watchCaptures(captures::counts, groups::size);
    meters.watchOmissions(requestLog::dropped, requestLog::payloadsLeftOut, keeper::localizationsPassedOver);
    meters.watchWorkers(house.records()::all, () -> WorkerStanding.of(models.list()));
    alerts = new Alerts(rules(config), url(config.alerts().webhookUrl()), this::adminUrl, this::lostLanes, clock);
    meters.watchAlerts(alerts::firing, alerts::messages);
    var news = new GroupNews(groups);
    news.listen(alerts::onGroup);
    news.listen(group -> meters.groupOpened(group.model(), group.code().label(), group.blame().name()));
    groups.onRegression(alerts::onRegression);
    groups.onRegression(group -> meters.groupRegressed(group.model(), group.code().label(), group.blame().name()));
    keeper.listen(alerts::onFault);
    keeper.listen(news);
    externalUrl = config.alerts().externalUrl();
    meters.build(product.version(), product.revision(), engine);
    if (config.metrics().isOn()) {
      listeners.add(new OutcomeMeter(meters));
    }

    if (environment.isOn()) {
      listeners.add(telemetry);
    }

    // Triton's extensions, for both wires
    var statistics = new StageClock(lookup);
    listeners.add(statistics);
    if (config.metricsCompat() == MetricsCompat.TRITON) {
      meters.registry().register(new TritonCollector(statistics, models::list, MachineLoad::now));
    }
    var repository = new RepositoryControl(models, lookup, config.modelDirs(), scanner, data.scratch());
    var triton = new TritonExtensions(lookup, statistics, repository, new LogControl(config.log().file(), LOGGERS), trace, audit);
    var labels = new LabelFiles(models);

    // from faults to verdicts: copies of the models, beside the path of requests and never on it
    var verdicts = new Verdicts(store);
    var resolving = new GroupResolution(groups, keptGroups, models, audit, alerts::onResolved, clock);
    var ids = new OccurrenceIds(clock, random);
    var replayer = new ModelReplayer(models, loader, labels, ids, nanoClock, clock);
    var tools = new Tools(replayer, house.backend(), data.scratch(), pace(config, nanoClock), nanoClock, random);
    investigations = new Investigations(budgets(config), keeper, groups, store, captures, redactions, verdicts, new MirroredRequests(rollouts), tools, this::dataUri, clock, random);
    meters.watchInvestigations(investigations.counts(), investigations::waiting);
    var copies = new ModelReplayer(models, loader, labels, ids, nanoClock, clock);
    replays = new Replays(keeper, store, captures, redactions, copies, pace(config, nanoClock), clock, nanoClock, random);
    meters.watchReplays(replays.counts(), replays::waiting);
    comparisons = new Comparisons(groups, store, captures, models, redactions, clock, nanoClock, random);
    meters.watchComparisons(comparisons.counts(), comparisons::waiting);

    // contracts held against what is kept
    contracts = new Contracts(captures, clock, nanoClock, TimeUnit.NANOSECONDS::sleep, random);
    var desk = new ContractDesk(models, furnishing.settings(), limits(config), store, redactions, contracts);
    meters.watchContracts(contracts::waiting);

    // rollouts: a candidate beside the version in charge
    var findings = new FaultFindings(rollouts, groups, verdicts, investigations, config.isolation().rollbackPatience());
    keeper.listen(findings);
    var differences = new ShadowFindings(models, redactions, findings, random);
    rollout = new RolloutControl(rollouts, models, releases, state, audit, findings::look, new RolloutCauses(findings, differences), clock, random);
    var reports = new RolloutReports(rollout, findings, differences);
    shadows = new ShadowRunner(rollouts, models, new ShadowCopies(models, loader), keeper, ids, nanoClock, clock);
    rollout.heed(shadows::obstacle);
    rollout.declareBy(new DeclaredRollouts(plans, rollout, releases, state)::begin);
    listeners.add(shadows);
    rollout.listen(alerts::onRollout);
    events = new RolloutEvents(url(config.alerts().cloudEventsUrl()), this::adminUrl, reports::document);
    rollout.listen(events::onRollout);
    meters.watchEvents(events::messages);
    rollout.listen(meters::rolloutMoved);
    meters.watchRollouts(rollouts, clock);
    listeners.add(rollouts);

    // the path of a request
    var router = new CanaryRouter(rollouts, models, new RepositoryRouter(models, life::isDraining), life::isDraining);
    var pipeline = new Pipeline(router, new Listeners(listeners), ids, nanoClock, clock);
    dispatcher = new Dispatcher(pipeline);

    // where time and memory go
    var places = new InnerPlaces(models::list);
    var profiles = Profiles.at(data.profiles(), Samplers.standard(dispatcher::visits, places::lanes), stageTimes, places::notes, clock, random);
    Supplier<Replayer> replayers = () -> new ModelReplayer(models, loader, labels, ids, nanoClock, clock);
    var nodeTimes = new NodeTimes(profiles, new KeptTraffic(keeper, store, captures), models, loader, replayers, data.scratch(), nanoClock);
    var threads = new ThreadDump(new BusyThreads(dispatcher::visits, models::list, nanoClock), data.scratch());
    var automatic = AutoProfiles.of(profiles, config.alerts().timeoutBurst(), clock);
    if (config.profilesAutomatic().isOn()) {
      keeper.listen(automatic::onFault);
      automatic.watchHeap();
    }
    insight = new Insight(profiles, nodeTimes, threads, new MemoryUse(models::list, captures::counts, store, profiles), automatic);
    meters.watchProfiles(profiles::ended, profiles::keptBytes, automatic::counts);

    // the ports
    Endpoint metrics = Endpoint.answering(new MetricsEndpoint(meters.registry()));
    var requestIds = new RequestIds(clock, random, environment.isOn() ? RequestIds.Spans.OWN : RequestIds.Spans.NONE);
    OutcomeAnswers.Contexts contexts = (occurrence, standing) -> keeper.find(occurrence.id()).map(Kept::context).orElse(FaultContext.of(standing));
    var answers = new OutcomeAnswers(contexts, level(config));
    var arrivals = new Arrivals(keptHeaders(config), config.redaction().headers(), rollouts::keyOf);
    dataRoutes = DataRoutes.table(dispatcher, models, arrivals, answers, bounds(config), health, metrics, triton, labels, product.version());
    var build = new StatusEndpoint.Build(product.version(), product.revision(), engine, startedAt);
    var status = new StatusEndpoint(build, this::dataUri, () -> life.phase().name(), dispatcher, models, groups, captures, store, this::openPorts, clock);
    admin = new AdminRoutes(keeper, groups, resolving, store, models, repository, house, investigations, verdicts, replays, comparisons, desk, releases, audit, rollout, reports, insight, health, status, metrics, new AdminGuard(config.admin().host(), config.admin().token()));
    var dataPort = new HttpPorts.Port(dataAddress, new Front(dataRoutes, new DataRoutes.Voice(), requestIds, clock, nanoClock));
    var adminPort = new HttpPorts.Port(adminAddress, new Front(admin.table(), new AdminRoutes.Voice(), requestIds, clock, nanoClock));
    var portBounds = new HttpPorts.Bounds(config.server().connectionsMax(), config.server().headTimeout(), IDLE_TIMEOUT, config.server().drainTimeout());
    var calls = new InferCalls(dispatcher, new GrpcCodec(labels), grpcBounds(config), nanoClock, clock, rollouts::keyOf);
    var callers = new GrpcCallers(arrivals.kept(), requestIds);
    var service = InferenceService.of(new PlainCalls(triton, () -> health.readiness().isReady(), product.version()), calls, callers, new GrpcAnswers(contexts, level(config)));
    try {
      grpc = new GrpcPort(grpcAddress(config), service, calls.bounds().payloadMaxBytes());
    } catch (IOException e) {
      closeInside();
      throw e;
    }
    try {
      ports = new HttpPorts(dataPort, adminPort, portBounds, requestIds);
    } catch (IOException e) {
      grpc.close();
      closeInside();
      throw e;
    }
  }

  /// In the opposite order of making.
  void close() {
    admin.close();
    grpc.close();
    ports.close();
    closeInside();
  }

  private void closeInside() {
    shadows.close();
    rollout.close();
    telemetry.close();
    insight.close();
    investigations.close();
    replays.close();
    comparisons.close();
    contracts.close();
    models.close();
    alerts.close();
    events.close();
    keeper.close();
    captures.close();
    keptGroups.close();
    store.close();
    house.close();
  }

  /// Where people reach the admin API, for links.
  private String adminUrl() {
    return externalUrl.isEmpty() ? "http://127.0.0.1:" + ports.adminPort() : externalUrl.replaceFirst("/+$", "");
  }

  private Otlp.Sources sources(ServerConfig config, Meters meters, Product product, InstantSource clock) {
    return new Otlp.Sources(
        () -> new Telemetry.Place(host, ports.dataPort(), grpc.port()),
        id -> keeper.find(id),
        level(config),
        config.telemetry().fields(),
        meters.registry(),
        product.version(),
        clock);
  }

  private static Alerts.Rules rules(ServerConfig config) {
    return new Alerts.Rules(config.alerts().timeoutBurst(), config.alerts().resolveAfter());
  }

  private List<Alerts.LostLanes> lostLanes() {
    return models.list().stream()
        .flatMap(listing -> listing.state() instanceof ModelState.Ready(ModelVersion version, long _) ? Stream.of(version) : Stream.of())
        .filter(version -> version.lanes().lost() > 0)
        .map(version -> new Alerts.LostLanes(version.id().model(), version.id().version(), version.lanes().lost()))
        .toList();
  }

  private static Optional<URI> url(String text) {
    return Optional.of(text).filter(url -> !url.isEmpty()).map(URI::create);
  }

  private static CaptureStore store(ServerConfig config, DataFolder data, InstantSource clock) {
    ServerConfig.Capture capture = config.capture();
    return capture.kept().isOn()
        ? DuckDbCaptureStore.open(data.captures(), StoreLimits.DEFAULT.retaining(capture.bytesMax(), capture.ageMax()), clock)
        : new MemoryCaptureStore(0, 0);
  }

  private static CaptureQueue.Limits queueLimits(ServerConfig config) {
    CaptureQueue.Limits limits = CaptureQueue.Limits.DEFAULT;
    return new CaptureQueue.Limits(
        config.capture().queueCapacityMax(), limits.bytesMax(), limits.batchMax(), limits.lingerMillis(), limits.closeMillis());
  }

  private static CapturePolicy policy(ServerConfig config, CapturePolicy.Wanted wanted) {
    return config.capture().kept().isOn()
        ? new CapturePolicy(new CapturePolicy.Rate(config.capture().samplePerSecond(), CapturePolicy.Rate.DEFAULT.firstCount()), wanted)
        : CapturePolicy.nothing();
  }

  private Map<String, Integer> openPorts() {
    return Map.of("http", ports.dataPort(), "grpc", grpc.port(), "admin", ports.adminPort());
  }

  /// Where requests go, as this machine says it.
  private String dataUri() {
    String host = this.host.equals("0.0.0.0") ? "127.0.0.1" : this.host;
    return "http://" + host + ":" + ports.dataPort();
  }

  private static Pace pace(ServerConfig config, LongSupplier nanoClock) {
    return new Pace(config.isolation().cpuShare(), nanoClock, TimeUnit.NANOSECONDS::sleep);
  }

  private static Investigations.Settings budgets(ServerConfig config) {
    ServerConfig.Isolation isolation = config.isolation();
    return new Investigations.Settings(isolation.background().isOn(), isolation.replaysMax(), isolation.timeMax().toMillis());
  }

  private static Limits limits(ServerConfig config) {
    ServerConfig.Limits limits = config.limits();
    return new Limits(
        limits.instances(),
        limits.queueCapacityMax(),
        limits.queueTimeout().toMillis(),
        limits.inferTimeout().toMillis(),
        limits.stopGrace().toMillis(),
        limits.lostLanesMax())
        .with(limits.adaptive());
  }

  private static PayloadPolicy payloads(ServerConfig config, LongSupplier nanoClock) {
    return PayloadPolicy.of(config.log().payloads(), nanoClock).orElseThrow(() -> new IllegalArgumentException("log.payloads (expected: " + PayloadPolicy.EXPECTED + ")"));
  }

  private static DataRoutes.Bounds bounds(ServerConfig config) {
    ServerConfig.Server server = config.server();
    return new DataRoutes.Bounds(server.payloadMaxBytes(), server.bodyTimeout(), server.requestsMax());
  }

  private static InferCalls.Bounds grpcBounds(ServerConfig config) {
    return new InferCalls.Bounds((int) Math.min(Integer.MAX_VALUE, config.server().payloadMaxBytes()), config.server().requestsMax());
  }

  private static GrpcPort.Address grpcAddress(ServerConfig config) {
    ServerConfig.Server server = config.server();
    return new GrpcPort.Address(server.host(), server.grpcPort(), server.grpcTlsCert(), server.grpcTlsKey());
  }

  private static Set<String> keptHeaders(ServerConfig config) {
    var headers = new HashSet<>(config.log().headers());
    headers.addAll(config.capture().dimensions());
    return headers;
  }

  private static DetailLevel level(ServerConfig config) {
    return config.errorsDetail() == ServerConfig.Detail.INTERNAL ? DetailLevel.INTERNAL : DetailLevel.PUBLIC;
  }

  private static void log(ModelListing listing) {
    MODELS_LOG.info("model {} version {} is {}{}", listing.model(), listing.version(), listing.state().label(), reason(listing));
    WorkerHouse.placeOf(listing).ifPresent(place -> MODELS_LOG.info("model {} version {} runs {}", listing.model(), listing.version(), place));
  }

  private static String reason(ModelListing listing) {
    return listing.state().reason().isEmpty() ? "" : ": " + listing.state().reason();
  }
}
