package dev.faultline.evaluation.traffic;

import java.util.List;

/// One request of a case: to which version, by whom, with what, and what was done to it.
///
/// @param index place in the case's traffic, from 0
/// @param spoiled whether the fault's input was put in; says nothing about whether it fails
/// @param sound the request before anything was done to it
public record Request(int index, String version, Client client, List<Input> inputs, List<Input> sound, Quirk quirk, boolean spoiled) {
  public Request {
    inputs = List.copyOf(inputs);
    sound = List.copyOf(sound);
  }

  /// Oddities that no tensor can say.
  public enum Quirk {
    NONE,
    /// The first input's `data` stands there twice; the second one is what the sender did not mean.
    DATA_TWICE,
    /// The caller gives up at once: the server answers with a fault that has nothing to do with the request.
    GIVES_UP
  }

  public static Request sound(int index, String version, Client client, List<Input> inputs) {
    return new Request(index, version, client, inputs, inputs, Quirk.NONE, false);
  }

  public Input input(String name) {
    return inputs.stream().filter(input -> input.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException("no input " + name));
  }

  public Request with(Input changed) {
    return new Request(index, version, client, inputs.stream().map(input -> input.name().equals(changed.name()) ? changed : input).toList(), sound, quirk, true);
  }

  /// The same request without one of its inputs.
  public Request without(String name) {
    return new Request(index, version, client, inputs.stream().filter(input -> !input.name().equals(name)).toList(), sound, quirk, true);
  }

  public Request with(Quirk other) {
    return new Request(index, version, client, inputs, sound, other, other == Quirk.GIVES_UP ? spoiled : true);
  }

  public Request from(Client other) {
    return new Request(index, version, other, inputs, sound, quirk, spoiled);
  }

  public Request to(String other) {
    return new Request(index, other, client, inputs, sound, quirk, spoiled);
  }

  /// The same request with what was done to it taken back.
  public Request mended() {
    return new Request(index, version, client, sound, sound, Quirk.NONE, false);
  }

  public int batch() {
    return inputs.isEmpty() ? 0 : inputs.getFirst().batch();
  }
}
