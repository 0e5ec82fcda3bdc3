package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Payload;
import dev.faultline.request.RequestedOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Inference requests of the Open Inference Protocol V2 in JSON, read in one pass and without a tree.
///
/// Every odd payload has one defined answer:
///
/// | payload | answer |
/// |---|---|
/// | empty, cut off, not JSON, not UTF-8, something behind the object, a member twice, deeper or longer than [JsonBounds] | `decode.json` |
/// | UTF-8 byte order mark | skipped |
/// | UTF-16 or UTF-32 | `decode.json`: RFC 8259 asks for UTF-8 |
/// | `inputs` absent; `name`, `shape`, `datatype` or `data` absent or of the wrong JSON type; an input or a requested output twice | `decode.json` |
/// | negative, fractional or overflowing dimensions | `decode.json` |
/// | unknown `datatype` | `decode.data_type_unsupported`, with the nearest name |
/// | `FP16`, `BF16` | `decode.data_type_unsupported`, in Triton's words |
/// | `binary_data_size` where nothing follows the JSON | `decode.binary_length` |
/// | `data` that contradicts `shape` in number or nesting | the tensor's size breach, which VALIDATE reports |
/// | an element that its data type cannot hold | a [dev.faultline.request.Misfit], which VALIDATE reports; see [ElementSink] |
/// | `null` for `id`, `parameters` or `outputs` | as if absent |
/// | unknown members, at any level | ignored |
///
/// `parameters.timeout` is in microseconds, counts from the arrival and may only shorten the transport's deadline; 0 means none.
/// `parameters.faultline_pin_version` names the version when the path does not.
///
/// Longer than most files because of the table, and because the envelope's members are read in one place.
public final class RequestFromJson {

  /// @throws dev.faultline.fault.FaultException carrying a `DecodeFault`
  public InferenceRequest decode(Arrival arrival) {
    return decode(arrival, arrival.payload(), BinaryTensors.none());
  }

  /// Reads a request whose JSON is `json` and whose binary tensors follow it.
  InferenceRequest decode(Arrival arrival, Payload json, BinaryTensors binary) {
    return JsonReader.read(json, reader -> new Envelope(reader, binary).read(arrival));
  }

  /// The members of the request while they are read.
  private static final class Envelope {
    private final JsonReader reader;
    private final BinaryTensors binary;
    private String id = "";
    private Map<String, Object> parameters = Map.of();
    private @Nullable List<InputTensor> inputs;
    private List<RequestedOutput> outputs = List.of();

    private Envelope(JsonReader reader, BinaryTensors binary) {
      this.reader = reader;
      this.binary = binary;
    }

    private InferenceRequest read(Arrival arrival) throws IOException {
      JsonParser parser = reader.parser();
      for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
        parser.nextToken();
        member(member);
      }
      if (inputs == null) {
        throw reader.fault("the request has no 'inputs' (expected: an array of tensors)");
      }
      var reserved = new ReservedParameters(parameters).requireSoundPriority();
      Deadline deadline = arrival.deadline().earlier(reserved.deadline(arrival.atNanos()));
      return new InferenceRequest(id, reserved.model(arrival.model()), parameters, inputs, outputs, deadline);
    }

    private void member(String member) throws IOException {
      switch (member) {
        case "inputs" -> inputs = inputs();
        case "id" -> id = reader.parser().hasToken(JsonToken.VALUE_NULL) ? "" : reader.name("id");
        case "parameters" -> parameters = ParametersFromJson.read(reader, "parameters");
        case "outputs" -> outputs = reader.parser().hasToken(JsonToken.VALUE_NULL) ? List.of() : outputs();
        default -> reader.parser().skipChildren();
      }
    }

    private List<InputTensor> inputs() throws IOException {
      reader.require(JsonToken.START_ARRAY, "inputs", "an array of tensors");
      var read = new ArrayList<InputTensor>();
      var names = new Names("input");
      while (reader.parser().nextToken() != JsonToken.END_ARRAY) {
        InputTensor input = InputFromJson.read(reader, read.size(), binary);
        names.add(input.name(), reader);
        read.add(input);
      }
      return read;
    }

    private List<RequestedOutput> outputs() throws IOException {
      reader.require(JsonToken.START_ARRAY, "outputs", "an array of objects");
      var read = new ArrayList<RequestedOutput>();
      var names = new Names("output");
      while (reader.parser().nextToken() != JsonToken.END_ARRAY) {
        RequestedOutput output = output(read.size());
        names.add(output.name(), reader);
        read.add(output);
      }
      return read;
    }

    private RequestedOutput output(int position) throws IOException {
      reader.require(JsonToken.START_OBJECT, "outputs[" + position + "]", "an object with a name");
      String name = null;
      Map<String, Object> asked = Map.of();
      JsonParser parser = reader.parser();
      for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
        parser.nextToken();
        switch (member) {
          case "name" -> name = reader.name("name");
          case "parameters" -> asked = ParametersFromJson.read(reader, "parameters");
          default -> parser.skipChildren();
        }
      }
      if (name == null) {
        throw reader.fault("outputs[" + position + "] has no 'name' (expected: the output's name)");
      }
      return new RequestedOutput(name, asked);
    }
  }

  /// Names already seen among the inputs or the outputs of one request.
  private record Names(String kind, Set<String> seen) {
    Names(String kind) {
      this(kind, new HashSet<>());
    }

    void add(String name, JsonReader reader) {
      if (!seen.add(name)) {
        throw reader.fault(kind + " '" + Excerpt.name(name) + "' is there twice (expected: once)");
      }
      if (seen.size() > JsonBounds.TENSORS_MAX) {
        throw reader.fault("the request has more than " + JsonBounds.TENSORS_MAX + " " + kind + "s");
      }
    }
  }
}
