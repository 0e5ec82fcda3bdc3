package dev.faultline.server;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.contract.FieldRef;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.ContainmentWish;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.OperatorCensus;
import dev.faultline.serving.model.SettingsReader;
import dev.faultline.serving.model.SettingsSource;
import dev.faultline.serving.stage.Checker;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.serving.stage.Validator;
import dev.faultline.serving.step.StepReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What runs models and judges requests and outputs: the parts that a test replaces.
public record Furnishing(Backend backend, SettingsSource settings, Validator.Factory validators, Checker.Factory checkers) {

  /// ONNX Runtime, and the contracts that stand beside the models. Loads the engine's library.
  public static Furnishing standard(ServerConfig config) {
    List<String> always = config.redaction().fields();
    return new Furnishing(
        new OnnxBackend(),
        new SettingsReader(StepReader.withInstalledProviders(), loading(config)),
        (contract, redact) -> new ContractValidator(contract, hidden(always, redact)),
        (contract, redact) -> config.checks().isOn() ? new ContractChecker(contract, hidden(always, redact)) : new NoChecks());
  }

  /// What can say beforehand which operators a file holds: the backend itself, when it reads files.
  OperatorCensus census() {
    return backend instanceof OperatorCensus census ? census : _ -> List.of();
  }

  /// The limits of a version's process are the backend's own affair when the contract says nothing.
  private static LoadOptions loading(ServerConfig config) {
    return LoadOptions.DEFAULT.withContainment(ContainmentWish.AUTO.withWhere(config.workers().isolation()));
  }

  /// Whether a field must not be shown. Names are compared without case, as those who keep do.
  private static Predicate<FieldRef> hidden(List<String> always, List<String> redact) {
    Set<String> names = new TreeSet<>();
    always.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    redact.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return field -> names.contains(field.tensor().toLowerCase(Locale.ROOT)) || names.contains(field.toString().toLowerCase(Locale.ROOT));
  }
}
