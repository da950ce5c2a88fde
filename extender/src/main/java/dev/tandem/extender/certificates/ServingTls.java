package dev.tandem.extender.certificates;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS from files that may be replaced while it serves. Looks every {@value #LOOK_SECONDS} s, which
 * also sees the changed link of a mounted Secret; connections there are stay open with what they
 * were made with, new ones get what is new. Files that are bad keep the old material in use: an
 * error is logged and counted once for each kind of trouble.
 *
 * <p>Clients without a certificate complete the handshake, and the server asks the request for one
 * ({@link #asksClients()}): a kubelet's probe has none to show.
 */
public final class ServingTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServingTls.class);
  private static final int LOOK_SECONDS = 5;

  private final CertificateFiles files;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final Thread look;
  private final AtomicLong reloads = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile Material material;

  /**
   * Reads the files and begins to look after them.
   *
   * @throws IOException if one cannot be read
   * @throws BadMaterialException if they are not a certificate, its key, and authorities
   */
  public ServingTls(CertificateFiles files) throws IOException, BadMaterialException {
    this(files, Duration.ofSeconds(LOOK_SECONDS));
  }

  ServingTls(CertificateFiles files, Duration interval) throws IOException, BadMaterialException {
    this.files = files;
    this.material = Material.of(files, Material.bytes(files));
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setWantClientAuth(asksClients());
    use(context, material);
    this.look = Thread.ofVirtual().name("tls-files").start(() -> look(interval));
  }

  /** What Jetty serves with. */
  public SslContextFactory.Server context() {
    return context;
  }

  /** Whether a request has to come with a client certificate. */
  public boolean asksClients() {
    return files.clientAuthority() != null;
  }

  /** When clients stop to accept what is served. */
  public Instant expiry() {
    return material.expiry();
  }

  /** How often new files were taken. */
  public long reloads() {
    return reloads.get();
  }

  /** How often new files were bad. */
  public long refused() {
    return refused.get();
  }

  @Override
  public void close() {
    look.interrupt();
  }

  private void look(Duration interval) {
    String told = "";
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(interval);
        List<byte[]> now = Material.bytes(files);
        if (!material.sameAs(now)) {
          take(Material.of(files, now));
        }
        told = "";
      } catch (InterruptedException e) {
        return;
      } catch (IOException | BadMaterialException e) {
        String problem = String.valueOf(e);
        if (!problem.equals(told)) {
          told = problem;
          refused.incrementAndGet();
          log.error("TLS files: {}; the old ones stay in use until {}", e.getMessage(), expiry());
        }
      }
    }
  }

  private void take(Material next) throws BadMaterialException {
    try {
      context.reload(factory -> use(factory, next));
    } catch (Exception e) {
      throw new BadMaterialException(files.certificate() + ": " + e.getMessage(), e);
    }
    material = next;
    reloads.incrementAndGet();
    log.info("TLS files replaced; the certificate is good until {}", next.expiry());
  }

  private static void use(SslContextFactory context, Material material) {
    context.setKeyStore(material.serving());
    context.setKeyStorePassword(Material.PASSWORD);
    if (material.clients() != null) {
      context.setTrustStore(material.clients());
    }
  }
}
