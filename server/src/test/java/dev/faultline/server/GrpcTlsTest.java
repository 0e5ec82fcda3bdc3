package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.protocol.inference.GRPCInferenceServiceGrpc;
import dev.faultline.protocol.inference.ServerLiveRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @Test
  void withACertificateTheGrpcPortSpeaksTls(@TempDir Path folder) throws Exception {
    makeCertificate(folder);
    var settings = Map.of("server.grpc_tls_cert", folder.resolve("cert.pem").toString(), "server.grpc_tls_key", folder.resolve("key.pem").toString());
    try (var running = new RunningServer(folder, settings)) {
      var trust = TlsChannelCredentials.newBuilder().trustManager(folder.resolve("cert.pem").toFile()).build();
      ManagedChannel channel = Grpc.newChannelBuilderForAddress("localhost", running.server.ports().grpc(), trust).build();
      try {
        var calls = GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        assertThat(calls.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aCertificateThatIsNotThereIsSaidAtTheStart(@TempDir Path folder) {
    var settings = Map.of("server.grpc_tls_cert", folder.resolve("none.pem").toString(), "server.grpc_tls_key", folder.resolve("none.pem").toString());
    assertThatThrownBy(() -> new RunningServer(folder, settings)).isInstanceOf(StartException.class).hasMessageContaining("none.pem");
  }

  private static void makeCertificate(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process = new ProcessBuilder(
            keytool, "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost", "-validity", "2",
            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", new String(PASSWORD))
        .redirectErrorStream(true).start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
    Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded()));
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
  }
}
