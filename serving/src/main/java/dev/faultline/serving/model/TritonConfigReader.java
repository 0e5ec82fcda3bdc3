package dev.faultline.serving.model;

import com.google.protobuf.TextFormat;
import dev.faultline.contract.Dimension;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.declaration.Problems;
import dev.faultline.serving.model.TritonConfig.Content;
import dev.faultline.serving.model.TritonConfig.Made;
import dev.faultline.serving.model.TritonConfig.Port;
import dev.faultline.serving.model.TritonConfig.Sample;
import dev.faultline.serving.model.TritonConfig.VersionPolicy;
import dev.faultline.serving.model.proto.InstanceGroup;
import dev.faultline.serving.model.proto.ModelConfig;
import dev.faultline.serving.model.proto.ModelInput;
import dev.faultline.serving.model.proto.ModelOutput;
import dev.faultline.serving.model.proto.ModelWarmup;
import dev.faultline.serving.model.proto.QueuePolicy;
import dev.faultline.serving.model.proto.Reshape;
import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads Triton's `config.pbtxt` with protobuf's own text format reader. Fields that we do not know are listed, not refused.
public final class TritonConfigReader {
  static final String FILE = "config.pbtxt";
  private static final long BYTES_MAX = 1 << 20;
  private static final String UNKNOWN_FIELDS = "Input contains unknown fields";

  private TritonConfigReader() {}

  /// The configuration in a model's folder.
  ///
  /// @throws LoadException with code `load.contract` when the file is there and cannot be read
  public static Optional<TritonConfig> find(Path modelFolder) throws LoadException {
    var problems = new Problems();
    Optional<TritonConfig> config = find(modelFolder, problems);
    SettingsReader.throwAll(problems);
    return config;
  }

  static Optional<TritonConfig> find(Path modelFolder, Problems problems) {
    Path file = modelFolder.resolve(FILE);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (Files.size(file) > BYTES_MAX) {
        problems.add(FILE, "is " + Files.size(file) + " bytes long (expected: at most " + BYTES_MAX + ")");
        return Optional.empty();
      }
      return parse(Files.readString(file), problems);
    } catch (IOException e) {
      problems.add(FILE, "cannot be read as UTF-8 text: " + e);
      return Optional.empty();
    }
  }

  static Optional<TritonConfig> parse(String text, Problems problems) {
    ModelConfig.Builder builder = ModelConfig.newBuilder();
    var unread = new ArrayList<String>();
    try {
      // in the strict mode unknown fields are reported at the end, when all that is known has been read; the lenient mode
      // would only print them
      TextFormat.getParser().merge(text, builder);
    } catch (TextFormat.ParseException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains(UNKNOWN_FIELDS)) {
        problems.add(FILE, "is not a model configuration in protobuf text format: " + message.lines().findFirst().orElse(""));
        return Optional.empty();
      }
      message.lines().skip(1).map(TritonConfigReader::unreadField).forEach(unread::add);
    }
    return Optional.of(config(builder.buildPartial(), unread, problems));
  }

  /// `line 3: optimization` from `3:1:<tab>triton.ModelConfig.optimization`.
  private static String unreadField(String line) {
    int tab = line.indexOf('\t');
    String position = tab < 0 ? "" : "line " + line.substring(0, line.indexOf(':')) + ": ";
    return position + line.substring(tab + 1).replaceFirst("^triton\\.ModelConfig\\.", "").replaceFirst("^triton\\.", "");
  }

  private static TritonConfig config(ModelConfig read, List<String> unread, Problems problems) {
    QueuePolicy queue = read.getDynamicBatching().getDefaultQueuePolicy();
    int instances = read.getInstanceGroupList().stream().mapToInt(InstanceGroup::getCount).sum();
    return new TritonConfig(
        read.getName(),
        read.getPlatform(),
        read.getBackend(),
        read.getMaxBatchSize(),
        inputs(read, problems),
        outputs(read, problems),
        policy(read),
        read.getDefaultModelFilename(),
        parameters(read),
        instances > 0 ? instances : -1,
        queue.getDefaultTimeoutMicroseconds() > 0 ? queue.getDefaultTimeoutMicroseconds() : -1,
        queue.getMaxQueueSize() > 0 ? queue.getMaxQueueSize() : -1,
        read.hasDynamicBatching(),
        Math.max(0, read.getDynamicBatching().getMaxQueueDelayMicroseconds()),
        read.getDynamicBatching().getPreferredBatchSizeList().stream().filter(size -> size > 0).toList(),
        samples(read, problems),
        unread);
  }

  private static List<Port> inputs(ModelConfig read, Problems problems) {
    var ports = new ArrayList<Port>();
    for (ModelInput input : read.getInputList()) {
      port(input.getName(), "input", input.getDataType().name(), input.getDimsList(), input.hasReshape() ? input.getReshape() : null, "", read, problems).ifPresent(ports::add);
    }
    return ports;
  }

  private static List<Port> outputs(ModelConfig read, Problems problems) {
    var ports = new ArrayList<Port>();
    for (ModelOutput output : read.getOutputList()) {
      port(output.getName(), "output", output.getDataType().name(), output.getDimsList(), output.hasReshape() ? output.getReshape() : null, output.getLabelFilename(), read, problems).ifPresent(ports::add);
    }
    return ports;
  }

  private static Optional<Port> port(
      String name, String kind, String type, List<Long> dims, @org.jspecify.annotations.Nullable Reshape reshape, String labels, ModelConfig read, Problems problems) {
    String where = FILE + ": " + kind + " '" + name + "'";
    Optional<DataType> known = DataType.find(type.equals("TYPE_STRING") ? "BYTES" : type.substring("TYPE_".length()));
    if (name.isEmpty() || known.isEmpty()) {
      problems.add(where, name.isEmpty() ? "has no name" : "has no data_type (expected: one such as TYPE_FP32)");
      return Optional.empty();
    }
    List<Long> extents = reshape == null ? dims : reshape.getShapeList();
    if (extents.stream().anyMatch(extent -> extent < -1)) {
      problems.add(where, "has dims " + extents + " (expected: extents of 0 or more, or -1)");
      return Optional.empty();
    }
    var dimensions = new ArrayList<Dimension>();
    if (read.getMaxBatchSize() > 0) {
      dimensions.add(new Dimension.Free());
    }
    extents.forEach(extent -> dimensions.add(extent == -1 ? new Dimension.Free() : new Dimension.Fixed(extent)));
    return Optional.of(new Port(name, known.get(), dimensions, reshape != null, labels));
  }

  private static List<Sample> samples(ModelConfig read, Problems problems) {
    var samples = new ArrayList<Sample>();
    for (ModelWarmup warmup : read.getModelWarmupList()) {
      var inputs = new ArrayList<Made>();
      warmup.getInputsMap().forEach((name, input) -> made(warmup.getName(), name, input, problems).ifPresent(inputs::add));
      samples.add(new Sample(warmup.getName(), warmup.getBatchSize(), inputs, Math.max(1, warmup.getCount())));
    }
    return samples;
  }

  private static Optional<Made> made(String sample, String name, ModelWarmup.Input input, Problems problems) {
    String where = FILE + ": model_warmup '" + sample + "': input '" + name + "'";
    Optional<DataType> type = type(input.getDataType());
    if (type.isEmpty()) {
      problems.add(where, "has no data_type (expected: one such as TYPE_FP32)");
    }
    if (input.getDimsList().stream().anyMatch(extent -> extent < 0)) {
      problems.add(where, "has dims " + input.getDimsList() + " (expected: extents of 0 or more)");
      return Optional.empty();
    }
    return type.map(known -> new Made(name, known, input.getDimsList(), content(input)));
  }

  private static Content content(ModelWarmup.Input input) {
    return switch (input.getInputDataTypeCase()) {
      case RANDOM_DATA -> new Content.Chance();
      case INPUT_DATA_FILE -> new Content.OfFile(input.getInputDataFile());
      case ZERO_DATA, INPUTDATATYPE_NOT_SET -> new Content.Zeros();
    };
  }

  private static Optional<DataType> type(dev.faultline.serving.model.proto.DataType stated) {
    return DataType.find(stated == dev.faultline.serving.model.proto.DataType.TYPE_STRING ? "BYTES" : stated.name().substring("TYPE_".length()));
  }

  private static VersionPolicy policy(ModelConfig read) {
    return switch (read.getVersionPolicy().getPolicyChoiceCase()) {
      case LATEST -> new VersionPolicy.Latest(Math.max(1, read.getVersionPolicy().getLatest().getNumVersions()));
      case ALL -> new VersionPolicy.All();
      case SPECIFIC -> new VersionPolicy.Specific(read.getVersionPolicy().getSpecific().getVersionsList().stream().map(String::valueOf).toList());
      case POLICYCHOICE_NOT_SET -> new VersionPolicy.Unstated();
    };
  }

  private static Map<String, String> parameters(ModelConfig read) {
    var parameters = new LinkedHashMap<String, String>();
    read.getParametersMap().forEach((key, value) -> parameters.put(key, value.getStringValue()));
    return parameters;
  }
}
