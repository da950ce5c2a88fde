package dev.tandem.router;

import dev.tandem.api.Role;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link RouterConfig} while one of its values is changed. */
final class RouterDraft {

  String pod;
  String namespace;
  String listenHost;
  String host;
  int port;
  int peerPort;
  String engineHost;
  int enginePort;
  Role role;
  @Nullable String group;
  String pool;
  String model;
  long kvBytesPerToken;
  int tensorParallel;
  @Nullable Path localityFile;
  List<String> trustedPeers;
  Routing routing;
  IndexConfig index;
  double speedUp;
  Discovery discovery;
  Limits limits;
  RequestObserver observer;

  RouterDraft(RouterConfig config) {
    pod = config.pod();
    namespace = config.namespace();
    listenHost = config.listenHost();
    host = config.host();
    port = config.port();
    peerPort = config.peerPort();
    engineHost = config.engineHost();
    enginePort = config.enginePort();
    role = config.role();
    group = config.group();
    pool = config.pool();
    model = config.model();
    kvBytesPerToken = config.kvBytesPerToken();
    tensorParallel = config.tensorParallel();
    localityFile = config.localityFile();
    trustedPeers = config.trustedPeers();
    routing = config.routing();
    index = config.index();
    speedUp = config.speedUp();
    discovery = config.discovery();
    limits = config.limits();
    observer = config.observer();
  }

  RouterConfig config() {
    return new RouterConfig(
        pod,
        namespace,
        listenHost,
        host,
        port,
        peerPort,
        engineHost,
        enginePort,
        role,
        group,
        pool,
        model,
        kvBytesPerToken,
        tensorParallel,
        localityFile,
        trustedPeers,
        routing,
        index,
        speedUp,
        discovery,
        limits,
        observer);
  }
}
