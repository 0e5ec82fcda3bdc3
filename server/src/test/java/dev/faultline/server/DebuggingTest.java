package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebuggingTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:5005", "localhost:5005", "5005", "[::1]:5005", "", "127.0.0.2:1"})
  void aDoorForThisMachineIsFound(String address) {
    List<String> arguments = List.of("-Xmx1g", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=" + address);
    assertThat(Debugging.find(arguments)).hasValue(address);
    assertThatCode(() -> Debugging.requireLoopback(arguments)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*:5005", "0.0.0.0:5005", "10.1.2.3:5005", "example.com:5005", "[::]:5005", "localhost.example.com:5005"})
  void aDoorForOthersIsRefusedWithWhatToDo(String address) {
    List<String> arguments = List.of("-Xrunjdwp:transport=dt_socket,server=y,address=" + address + ",suspend=n");
    assertThatThrownBy(() -> Debugging.requireLoopback(arguments)).isInstanceOf(StartException.class).hasMessageContaining("'" + address + "'").hasMessageContaining("--debug-port");
  }

  @Test
  void withoutADebuggerThereIsNothingToRefuse() {
    assertThat(Debugging.find(List.of("-Xmx1g", "-agentpath:/opt/profiler.so=start"))).isEmpty();
  }
}
