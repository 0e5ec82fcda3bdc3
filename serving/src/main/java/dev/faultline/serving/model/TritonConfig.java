package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.tensor.DataType;
import java.util.List;
import java.util.Map;

/// What a Triton `config.pbtxt` says, as far as it is read here.
///
/// Texts are empty and numbers -1 when the file does not say; `maxBatchSize` is then 0, which means shapes include every axis.
/// `unread` are fields of the file that are not read, each with line, column and name.
public record TritonConfig(
    String name,
    String platform,
    String backend,
    int maxBatchSize,
    List<Port> inputs,
    List<Port> outputs,
    VersionPolicy versionPolicy,
    String defaultModelFilename,
    Map<String, String> parameters,
    int instances,
    long queueTimeoutMicros,
    int queueCapacityMax,
    boolean batches,
    long queueDelayMicros,
    List<Integer> preferredBatchSizes,
    List<Sample> warmUps,
    List<String> unread) {

  public TritonConfig {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    parameters = Map.copyOf(parameters);
    preferredBatchSizes = List.copyOf(preferredBatchSizes);
    warmUps = List.copyOf(warmUps);
    unread = List.copyOf(unread);
  }

  /// One of `model_warmup`: a request made up of `inputs`, sent `count` times. A `batchSize` of 0 switches it off.
  public record Sample(String name, int batchSize, List<Made> inputs, int count) {
    public Sample {
      inputs = List.copyOf(inputs);
    }
  }

  /// An input that is made up. `dims` omit the batch axis where the configuration has one.
  public record Made(String name, DataType type, List<Long> dims, Content content) {
    public Made {
      dims = List.copyOf(dims);
    }
  }

  /// What an input that is made up holds.
  public sealed interface Content {
    record Zeros() implements Content {}

    record Chance() implements Content {}

    /// The bytes of one batch entry in `warmup/<name>` of the model's folder.
    record OfFile(String name) implements Content {}
  }

  /// An input or output. `dimensions` include the batch axis when `maxBatchSize` is above 0; `reshaped` says that the model sees another
  /// shape than the caller, and `dimensions` are then the model's.
  public record Port(String name, DataType type, List<Dimension> dimensions, boolean reshaped, String labelFilename) {
    public Port {
      dimensions = List.copyOf(dimensions);
    }
  }

  /// Which versions Triton would serve.
  public sealed interface VersionPolicy {
    /// The file does not say.
    record Unstated() implements VersionPolicy {}

    record All() implements VersionPolicy {}

    /// The `count` highest numbers.
    record Latest(int count) implements VersionPolicy {}

    record Specific(List<String> versions) implements VersionPolicy {
      public Specific {
        versions = List.copyOf(versions);
      }
    }
  }
}
