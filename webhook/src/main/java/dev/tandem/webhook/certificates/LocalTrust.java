package dev.tandem.webhook.certificates;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Clients that ask this process whom to trust, as in a run inside one JVM. Any thread. */
public final class LocalTrust implements ClientTrust {

  private volatile List<X509Certificate> authorities = List.of();

  /** In PEM, newest first. */
  public String pem() {
    return Pem.write(authorities);
  }

  @Override
  public Set<X509Certificate> read() {
    return Set.copyOf(authorities);
  }

  @Override
  public void publish(Supplier<Optional<List<X509Certificate>>> wanted) {
    wanted.get().ifPresent(now -> authorities = now);
  }
}
