package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.JsonFile;
import dev.faultline.serving.declaration.Problems;
import dev.faultline.serving.declaration.YamlFile;
import dev.faultline.serving.step.StepReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads everything declared beside an artifact: Triton's `config.pbtxt`, MLServer's `model-settings.json`, a hub's
/// `config.json`, MLflow's `MLmodel` and our own `contract.yaml`, in this order,
/// each making more exact what the graph says. All problems of all files are reported at once.
public final class SettingsReader implements SettingsSource {
  private static final String FILE = "contract.yaml";

  private final StepReader steps;
  private final LoadOptions loading;

  public SettingsReader(StepReader steps) {
    this(steps, LoadOptions.DEFAULT);
  }

  /// `loading` is how versions are loaded that say nothing of it.
  public SettingsReader(StepReader steps, LoadOptions loading) {
    this.steps = steps;
    this.loading = loading;
  }

  /// The version folder may be the model folder itself. What stands in the version folder's `contract.yaml` wins, key by key, over the
  /// model folder's.
  ///
  /// @throws LoadException with code `load.contract`, one line per problem, or `load.path_outside`
  @Override
  public VersionSettings read(Found.Candidate candidate, List<TensorSpec> graphInputs, List<TensorSpec> graphOutputs, Limits defaults) throws LoadException {
    return read(candidate, new Draft(graphInputs, graphOutputs, defaults, new Problems()), problems -> contracts(candidate.modelFolder(), candidate.versionFolder(), problems));
  }

  /// Where the version's folder has a file of its own, `contract` stands for that one, and the model folder's is below it as ever.
  @Override
  public VersionSettings readWith(String contract, Found.Candidate candidate, List<TensorSpec> graphInputs, List<TensorSpec> graphOutputs, Limits defaults)
      throws LoadException {
    Path replaced = contractFile(candidate);
    return read(candidate, new Draft(graphInputs, graphOutputs, defaults, new Problems()), problems -> {
      var sources = new ArrayList<Document.Source>();
      Path below = candidate.modelFolder().resolve(FILE);
      if (!below.equals(replaced)) {
        YamlFile.find(below, name(candidate.modelFolder(), below), problems).ifPresent(sources::add);
      }
      YamlFile.parse(contract, FILE, problems).ifPresent(sources::add);
      return sources;
    });
  }

  /// The `contract.yaml` that says most about a version: that of its own folder, else the model folder's; where there is none, its place.
  public static Path contractFile(Found.Candidate candidate) {
    Path own = candidate.versionFolder().resolve(FILE);
    Path common = candidate.modelFolder().resolve(FILE);
    return !Files.isRegularFile(own) && Files.isRegularFile(common) ? common : own;
  }

  private VersionSettings read(Found.Candidate candidate, Draft draft, Function<Problems, List<Document.Source>> contracts) throws LoadException {
    Path modelFolder = candidate.modelFolder();
    Path versionFolder = candidate.versionFolder();
    Problems problems = draft.problems;
    TritonConfigReader.find(modelFolder, problems).ifPresent(config -> {
      TritonTerms.apply(config, candidate, draft);
      TritonWarmUp.apply(config, modelFolder, draft);
    });
    MlserverTerms.apply(candidate, draft);
    if (candidate.layout() == Layout.HUGGING_FACE) {
      HuggingFaceTerms.apply(modelFolder, draft);
    }
    mlmodel(modelFolder, versionFolder, draft);
    List<Document.Source> sources = contracts.apply(problems);
    if (!sources.isEmpty()) {
      draft.sources.add(FILE);
    }
    Declared root = new Document(sources, problems).root();
    VersionSettings settings = new ContractReader(steps, draft).read(root, goldenFiles(modelFolder, versionFolder, problems));
    throwAll(problems, draft.code());
    return settings;
  }

  @Override
  public LoadOptions options(Path modelFolder, Path versionFolder) {
    var unreported = new Problems();
    Declared root = new Document(contracts(modelFolder, versionFolder, unreported), unreported).root();
    return loading.withContainment(ContainmentReader.read(root, root.at("limits"), loading.containment()));
  }

  private static void mlmodel(Path modelFolder, Path versionFolder, Draft draft) {
    for (Path folder : List.of(versionFolder, modelFolder)) {
      Path file = folder.resolve("MLmodel");
      Optional<Document.Source> source = YamlFile.find(file, name(modelFolder, file), draft.problems);
      if (source.isPresent()) {
        MlflowSignature.apply(source.get(), draft);
        return;
      }
    }
  }

  private static List<Document.Source> contracts(Path modelFolder, Path versionFolder, Problems problems) {
    var sources = new ArrayList<Document.Source>();
    for (Path folder : modelFolder.equals(versionFolder) ? List.of(modelFolder) : List.of(modelFolder, versionFolder)) {
      Path file = folder.resolve(FILE);
      YamlFile.find(file, name(modelFolder, file), problems).ifPresent(sources::add);
    }
    return sources;
  }

  /// Requests with the answers that they must get: `warmup/*.json` of both folders.
  private static List<Declared> goldenFiles(Path modelFolder, Path versionFolder, Problems problems) {
    var goldens = new ArrayList<Declared>();
    for (Path folder : modelFolder.equals(versionFolder) ? List.of(modelFolder) : List.of(modelFolder, versionFolder)) {
      Path place = folder.resolve("warmup");
      List<Path> files = Files.isDirectory(place) ? ModelFiles.entries(place).stream().filter(file -> file.toString().endsWith(".json")).toList() : List.of();
      for (Path file : files) {
        JsonFile.find(file, name(modelFolder, file), problems).ifPresent(source -> goldens.add(new Document(List.of(source), problems).root()));
      }
    }
    return goldens;
  }

  /// `1/contract.yaml` or `contract.yaml`: short, and tells the two apart.
  private static String name(Path modelFolder, Path file) {
    Path shown = file.startsWith(modelFolder) ? modelFolder.relativize(file) : file.getFileName();
    return String.valueOf(shown).replace('\\', '/');
  }

  static void throwAll(Problems problems) throws LoadException {
    throwAll(problems, "load.contract");
  }

  private static void throwAll(Problems problems, String code) throws LoadException {
    if (problems.isEmpty()) {
      return;
    }
    String count = problems.count() == 1 ? "1 problem" : problems.count() + " problems";
    String message = "what is declared beside the model has " + count + ":\n  " + String.join("\n  ", problems.lines());
    List<RuntimeException> causes = problems.causes();
    var exception = causes.isEmpty() ? new LoadException(code, message) : new LoadException(code, message, causes.getFirst());
    causes.stream().skip(1).forEach(exception::addSuppressed);
    throw exception;
  }
}
