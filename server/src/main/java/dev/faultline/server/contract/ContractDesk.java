package dev.faultline.server.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.CaptureStore;
import dev.faultline.contract.Contract;
import dev.faultline.server.contract.ContractOrderException.Kind;
import dev.faultline.server.contract.Drafts.Served;
import dev.faultline.server.keep.Redactions;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.declaration.YamlEdit.EditException;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.SettingsSource;
import java.util.List;
import java.util.Optional;

/// Takes orders for looks at contracts: reads what is to be looked at, refuses what cannot be, and hands the rest to [Contracts].
public final class ContractDesk {
  public static final int LIMIT_DEFAULT = 10_000;
  public static final int LIMIT_MAX = 50_000;
  /// Of good requests that a learnt rule may be expected to refuse.
  public static final double RISK_DEFAULT = 0.01;

  private final Drafts drafts;
  private final Traffic traffic;
  private final Redactions redactions;
  private final Contracts contracts;

  public ContractDesk(ModelRepository models, SettingsSource settings, Limits limits, CaptureStore store, Redactions redactions, Contracts contracts) {
    this.drafts = new Drafts(models, settings, limits);
    this.traffic = new Traffic(store);
    this.redactions = redactions;
    this.contracts = contracts;
  }

  /// Which kept requests of a model: of one version, or of all; at most `limit` good ones and as many others, the newest.
  public record Scope(String model, String version, boolean anyVersion, int limit) {}

  /// What a contract would refuse of the kept requests. Without a text it is the contract in force.
  ///
  /// @return empty when too many looks wait
  public Optional<ContractTicket> check(Scope scope, Optional<String> text) throws ContractOrderException {
    Served served = drafts.served(scope.model(), scope.version());
    Contract contract = text.isPresent() ? drafts.read(served, text.get()) : served.contract();
    var side = side(text.isPresent() ? "the given contract" : "version " + served.name(), contract, served);
    return contracts.start(of("check", scope, served), new CheckTask(traffic, scope, served.name(), side));
  }

  /// How the contracts of two versions differ, or that of one and a text, and which kept requests they decide differently.
  public Optional<ContractTicket> diff(Scope scope, String other, Optional<String> text) throws ContractOrderException {
    Served before = drafts.served(scope.model(), scope.version());
    Served after = text.isPresent() ? before : drafts.served(scope.model(), other);
    Contract contract = text.isPresent() ? drafts.read(after, text.get()) : after.contract();
    ObjectNode of = of("diff", scope, before).put("other", text.isPresent() ? null : after.name());
    var task = new DiffTask(traffic, scope, side("version " + before.name(), before.contract(), before), side(text.isPresent() ? "the given contract" : "version " + after.name(), contract, after));
    return contracts.start(of, task);
  }

  /// Which rules the good requests teach, beside those that the contract has already.
  ///
  /// @param requests taken for good in the place of the kept ones; empty for those
  public Optional<ContractTicket> infer(Scope scope, double riskMax, List<JsonNode> requests) throws ContractOrderException {
    Served served = drafts.served(scope.model(), scope.version());
    // as the file stands now, which may have changed since the version was loaded
    String text = served.text();
    var side = side("version " + served.name(), drafts.read(served, text), served);
    ObjectNode of = of("infer", scope, served).put("risk", riskMax);
    return contracts.start(of, new InferTask(drafts, traffic, scope, served, side, text, riskMax, GivenRequests.of(requests, served)));
  }

  /// The contract with one rule more: its text, what that changes, and what it would refuse. Writes nothing.
  public Optional<ContractTicket> add(Scope scope, String rule) throws ContractOrderException {
    Served served = drafts.served(scope.model(), scope.version());
    String before = served.text();
    Contract known = drafts.read(served, before);
    String after = RuleText.parse(rule, known).into(before);
    Contract changed = drafts.read(served, after);
    var side = side("the contract with the rule", changed, served);
    ObjectNode of = of("add", scope, served).put("rule", rule);
    return contracts.start(of, new AddTask(new CheckTask(traffic, scope, served.name(), side), known, changed, served.file(), before, after));
  }

  public List<ContractTicket> list() {
    return contracts.list();
  }

  public Optional<ContractTicket> find(String id) {
    return contracts.find(id);
  }

  public boolean cancel(ContractTicket ticket) {
    return contracts.cancel(ticket);
  }

  static ContractOrderException unwritable(EditException e) {
    return new ContractOrderException(Kind.INVALID, e.getMessage() + " (mend: write the rule by hand; nothing was changed)", e);
  }

  private Side side(String title, Contract contract, Served served) {
    return new Side(title, contract, redactions.of(served.version().id()));
  }

  private static ObjectNode of(String what, Scope scope, Served served) {
    return JsonNodeFactory.instance.objectNode().put("do", what).put("model", scope.model()).put("version", served.name()).put("any_version", scope.anyVersion()).put("limit", scope.limit());
  }
}
