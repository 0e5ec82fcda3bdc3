package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.Containment;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.stage.Checker;
import dev.faultline.serving.stage.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// Makes a served version of a candidate: digest, engine, settings, stages, warm-up.
public final class ModelLoader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Backend backend;
  private final SettingsSource settings;
  private final Validator.Factory validators;
  private final Checker.Factory checkers;
  private final Limits defaults;
  private final LongSupplier nanoClock;

  public ModelLoader(
      Backend backend,
      SettingsSource settings,
      Validator.Factory validators,
      Checker.Factory checkers,
      Limits defaults,
      LongSupplier nanoClock) {
    this.backend = backend;
    this.settings = settings;
    this.validators = validators;
    this.checkers = checkers;
    this.defaults = defaults;
    this.nanoClock = nanoClock;
  }

  public ModelVersion load(Found.Candidate candidate) throws LoadException {
    LoadOptions options = settings.options(candidate.modelFolder(), candidate.versionFolder());
    ModelVersion version = load(candidate, candidate.path(), options, model -> read(candidate, model));
    return opened(version, () -> new WarmUpRun(version).pass());
  }

  /// A version for experiments. It answers no caller, so that it need not pass a warm-up.
  public ModelVersion load(Found.Candidate candidate, Variation variation) throws LoadException {
    LoadOptions asDeclared = settings.options(candidate.modelFolder(), candidate.versionFolder());
    var options = new LoadOptions(asDeclared.intraOpThreads(), variation.level(), asDeclared.containment().ofCopy(), variation.withoutOptimizers(), List.of());
    Path file = variation.graphs().stream().findFirst().orElse(candidate.path());
    return opened(load(candidate, file, options, model -> read(candidate, variation, model)), () -> {});
  }

  /// The bare model of a version, which writes what its nodes take into a folder. Whoever loads it closes it, and runs it one run at a time.
  public LoadedModel timed(Found.Candidate candidate, Path into) throws LoadException {
    LoadOptions declared = settings.options(candidate.modelFolder(), candidate.versionFolder());
    var artifact = new Artifact(candidate.model(), candidate.version(), candidate.path(), digest(candidate.path()));
    return backend.load(artifact, declared.withContainment(declared.containment().ofCopy()).timingNodes(into));
  }

  /// A copy of a version that answers no caller: with limits of its own, in a process of its own when `where` says so.
  public ModelVersion copy(Found.Candidate candidate, Containment where, UnaryOperator<Limits> limits) throws LoadException {
    LoadOptions declared = settings.options(candidate.modelFolder(), candidate.versionFolder());
    LoadOptions options = declared.withContainment(declared.containment().withWhere(where));
    return opened(load(candidate, candidate.path(), options, model -> limited(read(candidate, model), limits)), () -> {});
  }

  private static VersionSettings limited(VersionSettings read, UnaryOperator<Limits> limits) {
    return read.with(limits.apply(read.limits()));
  }

  private VersionSettings read(Found.Candidate candidate, LoadedModel model) throws LoadException {
    return settings.read(candidate, model.inputs(), model.outputs(), defaults);
  }

  private VersionSettings read(Found.Candidate candidate, Variation variation, LoadedModel model) throws LoadException {
    VersionSettings other = read(variation.declared(), model);
    return variation.steps().isEmpty() ? other : variation.mixed(read(candidate, model), other);
  }

  private ModelVersion load(Found.Candidate candidate, Path file, LoadOptions options, Furnishing furnishing) throws LoadException {
    var artifact = new Artifact(candidate.model(), candidate.version(), file, digest(file));
    LoadedModel model = backend.load(artifact, options);
    boolean furnished = false;
    try {
      var version = new ModelVersion(artifact, furnishing.of(model), model, validators, checkers, nanoClock);
      furnished = true;
      return version;
    } finally {
      if (!furnished) {
        model.close();
      }
    }
  }

  /// What is declared for a loaded model.
  private interface Furnishing {
    VersionSettings of(LoadedModel model) throws LoadException;
  }

  /// What a version must pass between loading and answering.
  private interface Gate {
    void pass() throws LoadException;
  }

  /// A version that does not pass is retired, not closed: a run that was stopped may still be under way.
  private static ModelVersion opened(ModelVersion version, Gate gate) throws LoadException {
    boolean passed = false;
    try {
      version.open();
      gate.pass();
      passed = true;
      return version;
    } finally {
      if (!passed) {
        version.retire();
      }
    }
  }

  private static String digest(Path file) throws LoadException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (in.read(buffer) >= 0) {
        // the digest takes what is read
      }
      return "sha256:" + HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (IOException e) {
      throw new LoadException("load.unreadable", "cannot read '" + file + "': " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
