package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An example of a step that Java code brings: felt temperature from air temperature (°C) and wind speed (km/h), both FP32 `[N]`.
public final class WindChillProvider implements StepProvider {

  @Override
  public String kind() {
    return "wind-chill";
  }

  @Override
  public Step create(String name, Map<String, Object> options) {
    return new WindChill(name, text(options, "temperature"), text(options, "wind"), text(options, "output"));
  }

  private static String text(Map<String, Object> options, String key) {
    if (options.get(key) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("option " + key + " is " + options.get(key) + " (expected: the name of a tensor)");
  }

  private record WindChill(String name, String temperature, String wind, String output) implements Step {
    @Override
    public String kind() {
      return "wind-chill";
    }

    @Override
    public List<String> reads() {
      return List.of(temperature, wind);
    }

    @Override
    public List<TensorSpec> specs(List<TensorSpec> before) {
      var after = new ArrayList<>(before);
      after.add(Specs.renamed(Specs.fetch(before, temperature), output));
      return after;
    }

    @Override
    public List<Tensor> apply(List<Tensor> before) {
      Tensor celsius = Tensors.fetch(before, temperature);
      Tensor speed = Tensors.fetch(before, wind);
      float[] felt = new float[celsius.count()];
      for (int i = 0; i < felt.length; i++) {
        double power = Math.pow(speed.doubleAt(i), 0.16);
        felt[i] = (float) (13.12 + 0.6215 * celsius.doubleAt(i) - 11.37 * power + 0.3965 * celsius.doubleAt(i) * power);
      }
      var after = new ArrayList<>(before);
      after.add(Tensor.floats(output, Shape.of(felt.length), felt));
      return after;
    }
  }
}
