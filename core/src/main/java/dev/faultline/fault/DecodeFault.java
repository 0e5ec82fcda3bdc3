package dev.faultline.fault;

import java.util.List;
import java.util.Optional;

/// The payload could not be read as a request.
public sealed interface DecodeFault extends Fault {

  /// Not JSON, or not the JSON the protocol asks for. `where` points at the member, and is the whole payload when unknown.
  record Json(String summary, Field where, List<Thrown> causes) implements DecodeFault {
    public Json {
      causes = List.copyOf(causes);
    }

    @Override
    public FaultCode code() {
      return FaultCode.DECODE_JSON;
    }

    @Override
    public Optional<Field> field() {
      return where.path().isEmpty() ? Optional.empty() : Optional.of(where);
    }

    @Override
    public Optional<Thrown> thrown() {
      return causes.stream().findFirst();
    }
  }

  /// Binary tensor data is shorter or longer than announced.
  record BinaryLength(Field where, long gotBytes, long wantBytes) implements DecodeFault {
    @Override
    public FaultCode code() {
      return FaultCode.DECODE_BINARY_LENGTH;
    }

    @Override
    public String summary() {
      return where.path() + " has " + gotBytes + " bytes of binary data (expected: " + wantBytes + ")";
    }

    @Override
    public Optional<Field> field() {
      return Optional.of(where);
    }
  }

  /// A data type that is unknown, or that this encoding cannot carry.
  record DataTypeUnsupported(String summary, Field where) implements DecodeFault {
    @Override
    public FaultCode code() {
      return FaultCode.DECODE_DATA_TYPE_UNSUPPORTED;
    }

    @Override
    public Optional<Field> field() {
      return Optional.of(where);
    }
  }

  /// A content type or content encoding the server does not read.
  record EncodingUnsupported(String header, String got, String want) implements DecodeFault {
    @Override
    public FaultCode code() {
      return FaultCode.DECODE_ENCODING_UNSUPPORTED;
    }

    @Override
    public String summary() {
      return "header " + header + " is '" + got + "' (expected: " + want + ")";
    }
  }

  /// More bytes than `server.payload_max_bytes`, before or after decompression. `gotBytes` is -1 when the reading stopped at the limit.
  record TooLarge(long gotBytes, long limitBytes) implements DecodeFault {
    @Override
    public FaultCode code() {
      return FaultCode.DECODE_TOO_LARGE;
    }

    @Override
    public String summary() {
      String got = gotBytes < 0 ? "more than " + limitBytes : Long.toString(gotBytes);
      return "the payload has " + got + " bytes (expected: at most " + limitBytes + ")";
    }

    @Override
    public List<Evidence> evidence() {
      return List.of(new Evidence.Limit("payload_max_bytes", gotBytes, limitBytes, "bytes"));
    }
  }
}
