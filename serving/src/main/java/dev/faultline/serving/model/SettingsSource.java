package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import java.nio.file.Path;
import java.util.List;

/// Reads what is declared beside an artifact and merges it with what the graph says.
@FunctionalInterface
public interface SettingsSource {

  /// @throws LoadException `load.contract`, naming every problem at once; `load.path_outside` when a declared file name leaves its folder
  VersionSettings read(Found.Candidate candidate, List<TensorSpec> graphInputs, List<TensorSpec> graphOutputs, Limits defaults) throws LoadException;

  /// As [#read], with `contract` in the place of the version's own `contract.yaml`: what the version would accept and promise.
  ///
  /// @throws LoadException as [#read]; also where this source reads no such file
  default VersionSettings readWith(String contract, Found.Candidate candidate, List<TensorSpec> graphInputs, List<TensorSpec> graphOutputs, Limits defaults)
      throws LoadException {
    throw new LoadException("load.contract", "this server reads no contract.yaml");
  }

  /// How the version is to be loaded, which is asked before anything is known of its graph. What is wrong with the files is for [#read] to
  /// report.
  default LoadOptions options(Path modelFolder, Path versionFolder) {
    return LoadOptions.DEFAULT;
  }
}
