package dev.faultline.server.contract;

import dev.faultline.contract.Contract;
import dev.faultline.server.contract.ContractOrderException.Kind;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.SettingsReader;
import dev.faultline.serving.model.SettingsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Contracts that are not in force: the text of a `contract.yaml`, read as the server would read it beside a version's graph and its other files.
final class Drafts {
  private final ModelRepository models;
  private final SettingsSource settings;
  private final Limits limits;

  Drafts(ModelRepository models, SettingsSource settings, Limits limits) {
    this.models = models;
    this.settings = settings;
    this.limits = limits;
  }

  /// A version as it is served, and the files it was read from.
  record Served(ModelVersion version, Found.Candidate candidate) {
    String model() {
      return version.id().model();
    }

    String name() {
      return version.id().version();
    }

    Contract contract() {
      return version.contract();
    }

    Path file() {
      return SettingsReader.contractFile(candidate);
    }

    /// What stands in [#file] now; empty when there is none.
    String text() throws ContractOrderException {
      try {
        return Files.isRegularFile(file()) ? Files.readString(file()) : "";
      } catch (IOException e) {
        throw new ContractOrderException(Kind.NOT_READY, "cannot read '" + file() + "': " + e.getMessage(), e);
      }
    }
  }

  /// @param version a version or label; empty for the one that answers who names none
  Served served(String model, String version) throws ContractOrderException {
    if (!models.names().contains(model)) {
      throw new ContractOrderException(Kind.UNKNOWN, "there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")");
    }
    ModelVersion ready = version.isEmpty()
        ? models.findDefault(model).orElseThrow(() -> new ContractOrderException(Kind.NOT_READY, "model '" + model + "' has no version that answers (expected: 'version', one that is ready)"))
        : named(model, version);
    Optional<Found.Candidate> candidate = models.candidates(model).stream().filter(each -> each.version().equals(ready.id().version())).findFirst();
    return new Served(ready, candidate.orElseThrow(() -> new ContractOrderException(Kind.NOT_READY, "version " + ready.id().version() + " of '" + model + "' has gone")));
  }

  private ModelVersion named(String model, String version) throws ContractOrderException {
    List<String> names = models.versionsAndLabels(model);
    ModelState state = models.find(model, version)
        .orElseThrow(() -> new ContractOrderException(Kind.UNKNOWN, "model '" + model + "' has no version '" + version + "' (expected: one of " + String.join(", ", names) + ")"));
    if (state instanceof ModelState.Ready(ModelVersion ready, long _)) {
      return ready;
    }
    throw new ContractOrderException(Kind.NOT_READY, "version " + version + " of '" + model + "' is not ready: " + state.reason());
  }

  /// The contract that a version would have with another text in the place of its file.
  Contract read(Served served, String text) throws ContractOrderException {
    try {
      return settings.readWith(text, served.candidate(), served.version().model().inputs(), served.version().model().outputs(), limits).contract();
    } catch (LoadException e) {
      throw new ContractOrderException(Kind.INVALID, String.valueOf(e.getMessage()).replace("what is declared beside the model", "the contract"), e);
    }
  }
}
