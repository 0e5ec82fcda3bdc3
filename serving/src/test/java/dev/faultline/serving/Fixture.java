package dev.faultline.serving;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.VersionSettings;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.stage.Checked;
import dev.faultline.serving.stage.Codec;
import dev.faultline.serving.stage.Validated;
import dev.faultline.serving.step.Step;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/// One model version whose engine is a function of the test, behind the real pipeline.
public final class Fixture {
  public static final TensorSpec X = TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Free()));
  public static final Contract CONTRACT = new Contract(List.of(X), List.of(X), List.of(), List.of(), List.of("graph"));

  /// What the engine does with its inputs.
  public interface Engine extends BiFunction<List<Tensor>, RunControl, List<Tensor>> {}

  public final AtomicBoolean closed = new AtomicBoolean();
  public final List<Outcome> heard = Collections.synchronizedList(new ArrayList<>());
  public final ModelVersion version;
  public final Pipeline pipeline;

  public Fixture(Engine engine, Limits limits, List<Step> preprocess) {
    LoadedModel model = model(engine);
    var settings = new VersionSettings(CONTRACT, preprocess, List.of(), limits, List.of(), List.of());
    version = new ModelVersion(
        new Artifact("m", "1", Path.of("m.onnx"), "sha256:0"),
        settings,
        model,
        (_, _) -> request -> new Validated(request, request.inputs().stream().map(InputTensor::tensor).toList()),
        (_, _) -> (_, outputs, _) -> new Checked(outputs, List.of()),
        System::nanoTime);
    version.open();
    pipeline = new Pipeline(
        (_, _) -> {
          version.retain();
          return new Route(version);
        },
        heard::add,
        new OccurrenceIds(InstantSource.system(), RandomGenerator.getDefault()),
        System::nanoTime,
        InstantSource.system());
  }

  public Outcome ask(float... values) {
    return pipeline.run(arrival(Deadline.NEVER, Cancellation.NEVER), codec(values));
  }

  public Outcome ask(Deadline deadline, Cancellation cancellation) {
    return pipeline.run(arrival(deadline, cancellation), codec(1));
  }

  public Outcome ask(Deadline deadline, Cancellation cancellation, Map<String, Object> parameters, float... values) {
    return pipeline.run(arrival(deadline, cancellation), codec(parameters, values));
  }

  public static Arrival arrival(Deadline deadline, Cancellation cancellation) {
    return new Arrival(
        new RequestId("r1"), Protocol.DIRECT, "POST", "/", Map.of(), Map.of(), "", "", "test", new ModelRef("m", ""), Payload.EMPTY,
        System.nanoTime(), Instant.now(), deadline, cancellation);
  }

  public static Codec codec(float... values) {
    return codec(Map.of(), values);
  }

  public static Codec codec(Map<String, Object> parameters, float... values) {
    return new Codec() {
      @Override
      public InferenceRequest decode(Arrival arrival) {
        var input = InputTensor.of(Tensor.floats("x", Shape.of(values.length), values), InputTensor.Layout.FLAT, 0);
        return new InferenceRequest("", arrival.model(), parameters, List.of(input), List.of(), arrival.deadline());
      }

      @Override
      public Payload encode(InferenceResponse response, InferenceRequest request) {
        return Payload.of(response.outputs().getFirst().textAt(0).getBytes(java.nio.charset.StandardCharsets.UTF_8), "text/plain");
      }
    };
  }

  private LoadedModel model(Engine engine) {
    return new LoadedModel() {
      @Override
      public List<TensorSpec> inputs() {
        return List.of(X);
      }

      @Override
      public List<TensorSpec> outputs() {
        return List.of(X);
      }

      @Override
      public ModelFacts facts() {
        return new ModelFacts("fake_function", "function", 0, 0, "test", Map.of());
      }

      @Override
      public RunResult run(List<Tensor> inputs, RunControl control) {
        return new RunResult(engine.apply(inputs, control), List.of());
      }

      @Override
      public void close() {
        closed.set(true);
      }
    };
  }
}
