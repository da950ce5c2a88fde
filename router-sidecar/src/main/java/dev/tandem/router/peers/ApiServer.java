package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an API server and who to be there. Immutable.
 *
 * @param host its address
 * @param port its port
 * @param tls whether to use TLS
 * @param verify whether to verify its certificate
 * @param authority PEM of its certificate authority, or null for the platform's
 * @param certificate PEM of the client certificate, or null
 * @param key PEM of the client key, or null
 * @param token bearer token, or null
 * @param tokenFile file to read the token from before every connection, since projected tokens are
 *     replaced within the hour; or null
 */
record ApiServer(
    String host,
    int port,
    boolean tls,
    boolean verify,
    byte @Nullable [] authority,
    byte @Nullable [] certificate,
    byte @Nullable [] key,
    @Nullable String token,
    @Nullable Path tokenFile) {

  /**
   * The API server of the pod's own cluster.
   *
   * @throws IOException when the account's files are not there
   */
  static ApiServer inCluster(String host, int port, Path account) throws IOException {
    return new ApiServer(
        host,
        port,
        true,
        true,
        Files.readAllBytes(account.resolve("ca.crt")),
        null,
        null,
        null,
        account.resolve("token"));
  }

  /**
   * The API server of a kubeconfig's current context: token, token file or client certificate.
   *
   * @throws IOException when the file cannot be read, or names no cluster
   */
  static ApiServer kubeconfig(Path file) throws IOException {
    JsonNode root = new YAMLMapper().readTree(Files.readString(file));
    String current = root.path("current-context").asText("");
    JsonNode context = named(root.path("contexts"), current).path("context");
    JsonNode cluster =
        named(root.path("clusters"), context.path("cluster").asText("")).path("cluster");
    JsonNode user = named(root.path("users"), context.path("user").asText("")).path("user");
    if (!cluster.hasNonNull("server")) {
      throw new IOException(
          file + ": current-context '" + current + "' names no cluster with a server");
    }
    URI server = URI.create(cluster.path("server").asText());
    boolean tls = "https".equals(server.getScheme());
    int port = server.getPort() > 0 ? server.getPort() : tls ? 443 : 80;
    return new ApiServer(
        server.getHost(),
        port,
        tls,
        !cluster.path("insecure-skip-tls-verify").asBoolean(false),
        pem(cluster, "certificate-authority", file),
        pem(user, "client-certificate", file),
        pem(user, "client-key", file),
        user.hasNonNull("token") ? user.path("token").asText() : null,
        user.hasNonNull("tokenFile") ? beside(file, user.path("tokenFile").asText()) : null);
  }

  /**
   * The token to present now, or null.
   *
   * @throws IOException when its file cannot be read
   */
  @Nullable String currentToken() throws IOException {
    return tokenFile != null ? Files.readString(tokenFile).strip() : token;
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode item : list) {
      if (item.path("name").asText("").equals(name)) {
        return item;
      }
    }
    return list.path(-1);
  }

  private static byte @Nullable [] pem(JsonNode object, String key, Path kubeconfig)
      throws IOException {
    if (object.hasNonNull(key + "-data")) {
      byte[] text = object.path(key + "-data").asText().getBytes(StandardCharsets.US_ASCII);
      return Base64.getMimeDecoder().decode(text);
    }
    return object.hasNonNull(key)
        ? Files.readAllBytes(beside(kubeconfig, object.path(key).asText()))
        : null;
  }

  private static Path beside(Path kubeconfig, String path) {
    return kubeconfig.toAbsolutePath().resolveSibling(path);
  }
}
