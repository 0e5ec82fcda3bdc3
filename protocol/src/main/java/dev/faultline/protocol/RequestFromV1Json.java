package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.contract.Contract;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.ModelRef;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Inference requests of KServe's V1 protocol, `POST /v1/models/{m}:predict`: `instances` without types, which the contract gives.
///
/// Instances are records (objects) or rows (arrays, or single values for an input without further axes), never both:
///
/// - records of a model with one input that has named columns: members are the columns, `{"age":41,"income":2.5}`;
/// - records otherwise: members are the inputs, `{"speed":120,"origin":"TX"}`, each a value or a (nested) array, one row of that input;
/// - rows: a model with one input, `[[1,2],[3,4]]` or `[1,2]`.
///
/// | payload | answer |
/// |---|---|
/// | whatever is not JSON, see [RequestFromJson] | `decode.json` |
/// | `instances` absent or not an array; records and rows mixed; rows for a model with several inputs | `decode.json` |
/// | an empty array | a batch of no rows |
/// | a record without a member | a misfit NULL, got `absent`; of a row of several values a size breach |
/// | an optional input that no record has | no such input |
/// | a record member the model does not know | kept once as an input of that name, which VALIDATE refuses |
/// | rows of different shapes | the tensor's size breach |
/// | `null` for a whole row of one value | a misfit NULL |
/// | `signature_name` and other members beside `instances` | ignored |
/// | more than [Absences#ABSENT_MAX] absent values | `decode.json` |
public final class RequestFromV1Json {

  /// @param contracts the contract of a model as asked for, empty when there is no such model: then only the form is checked and the
  ///     request has no inputs, because ROUTE refuses it anyway
  /// @throws dev.faultline.fault.FaultException carrying a `DecodeFault`
  public InferenceRequest decode(Arrival arrival, Function<ModelRef, Optional<Contract>> contracts) {
    return JsonReader.read(arrival.payload(), reader -> read(reader, arrival, contracts.apply(arrival.model())));
  }

  private static InferenceRequest read(JsonReader reader, Arrival arrival, Optional<Contract> contract) throws IOException {
    List<InputTensor> inputs = null;
    JsonParser parser = reader.parser();
    for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
      parser.nextToken();
      if (member.equals("instances")) {
        inputs = instances(reader, contract);
      } else {
        parser.skipChildren();
      }
    }
    return new InferenceRequest("", arrival.model(), Map.of(), present(inputs, reader), List.of(), arrival.deadline());
  }

  private static List<InputTensor> instances(JsonReader reader, Optional<Contract> contract) throws IOException {
    reader.require(JsonToken.START_ARRAY, "instances", "an array of records or rows");
    if (contract.isPresent()) {
      return InstancesFromJson.read(reader, contract.get());
    }
    reader.parser().skipChildren();
    return List.of();
  }

  private static List<InputTensor> present(@Nullable List<InputTensor> inputs, JsonReader reader) {
    if (inputs == null) {
      throw reader.fault("the request has no 'instances' (expected: an array of records or rows; 'inputs' go to /v2/models/{model}/infer)");
    }
    return inputs;
  }
}
