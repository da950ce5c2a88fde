package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Who may talk to the API server: fixed tokens for the control plane's own parts, a key that signs
 * service account tokens.
 */
final class Identities {
  private final Path folder;
  private final String adminToken = token();
  private final String controllerManagerToken = token();
  private final String schedulerToken = token();

  Identities(Path folder) {
    this.folder = folder;
  }

  String adminToken() {
    return adminToken;
  }

  String controllerManagerToken() {
    return controllerManagerToken;
  }

  String schedulerToken() {
    return schedulerToken;
  }

  /** The file of kube-apiserver's {@code --token-auth-file}: token, user, uid, groups. */
  Path tokenFile() {
    return write(
        "tokens.csv",
        """
        %s,admin,admin,"system:masters"
        %s,system:kube-controller-manager,kube-controller-manager
        %s,system:kube-scheduler,kube-scheduler
        """
            .formatted(adminToken, controllerManagerToken, schedulerToken));
  }

  /** A new P-256 key pair in PEM: one half signs service account tokens, the other checks them. */
  ServiceAccountKeys serviceAccountKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      return new ServiceAccountKeys(
          write("service-account.key", pem("PRIVATE KEY", pair.getPrivate())),
          write("service-account.pub", pem("PUBLIC KEY", pair.getPublic())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no P-256 keys: " + e.getMessage(), e);
    }
  }

  /** The two files of one key pair. */
  record ServiceAccountKeys(Path signing, Path checking) {}

  private static String pem(String kind, Key key) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  /** Writes a client configuration with one cluster, one user and one token. */
  Path kubeconfig(String server, Path authority, String user, String token) {
    try {
      String certificates = Base64.getEncoder().encodeToString(Files.readAllBytes(authority));
      return write(
          user.replace(':', '-') + ".kubeconfig",
          """
          apiVersion: v1
          kind: Config
          current-context: local
          clusters:
          - name: local
            cluster:
              server: %s
              certificate-authority-data: %s
          users:
          - name: "%s"
            user:
              token: %s
          contexts:
          - name: local
            context:
              cluster: local
              user: "%s"
          """
              .formatted(server, certificates, user, token, user));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + authority + ": " + e.getMessage(), e);
    }
  }

  /** Writes a file that only its owner may read. */
  private Path write(String name, String text) {
    Path file = folder.resolve(name);
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String token() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
